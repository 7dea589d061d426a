//! Projects: drafted, edited, launched, stopped, browsed and shown.
//!
//! Tables: `projects`; read: `project_tallies`. Rules kept: a launched
//! project's goal, deadline and currency are frozen (also by the database); states move only as
//! `allowed_moves` lists them. Jobs enqueued: [`JudgeDeadline`], [`ReleasePledges`], whose handlers
//! belong to `pledges`, and [`DraftStatement`], which `settlement` does. Every launched project has a plan of fees.

mod browse;
mod cancel;
mod cover;
mod draft;
mod editor;
mod error;
mod launch;
mod live;
mod plan;
mod review;
mod rules;
mod show;
mod studio;
pub mod text;
mod types;

#[cfg(feature = "ssr")]
mod jobs;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(feature = "ssr")]
pub mod story;

pub use cancel::CancelProject;
pub use cover::RemoveCover;
pub use draft::{CreateProject, EditProject, ProjectForm};
pub use editor::{PreviewButton, PreviewProject, PreviewStory, StoryEditor};
pub use error::ProjectError;
pub use launch::LaunchProject;
pub use live::{LiveFigures, LiveProgress, LiveTruth, figures_of, live_path};
pub use review::WithdrawProject;
pub use rules::{CheckedProject, slugify};
pub use types::*;

#[cfg(feature = "ssr")]
pub use {
    browse::{ProjectCards, discover_page, home_page, projects_of_person},
    cancel::cancel,
    cover::{cover_section, cover_target, keep_cover, set_cover},
    draft::{edit_page, new_page},
    jobs::{DraftStatement, JudgeDeadline, ReleasePledges},
    launch::{launch, launch_section, submit},
    plan::{FeePlan, MoneyTerms, TermsNote},
    review::{approve, review_section, send_back},
    show::{ProjectHead, StoryText},
    studio::{owned, owned_project, studio_nav, studio_page},
};
