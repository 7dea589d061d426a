//! Projects of their creators.

use super::{Fields, May, Row, row};
use crate::harness::Project;

pub const TABLE: &[Row] = &[
    row("/api/projects/draft/create_project", May::Member, |_| project_form()),
    row("/api/projects/draft/edit_project", May::CreatorOfDraft, |w| edit_form(&w.draft)),
    row("/api/projects/editor/preview_story", May::Member, |_| vec![("story", "# 가".into())]),
    row("/api/projects/editor/preview_project", May::Member, |_| project_form()),
    row("/api/projects/review/withdraw_project", May::CreatorOfReviewed, |w| slug(&w.reviewed)),
    row("/api/projects/launch/launch_project", May::CreatorOfDraft, |w| slug(&w.draft)),
    row("/api/projects/cancel/cancel_project", May::CreatorOfLive, |w| sure(&w.live)),
    row("/api/projects/cover/remove_cover", May::CreatorOfLive, |w| slug(&w.live)),
];

fn project_form() -> Fields {
    vec![("title", "새 프로젝트".to_owned()), ("category", "crafts".to_owned())]
}

fn edit_form(project: &Project) -> Fields {
    let mut form = project_form();
    form.extend([("slug", project.slug.clone()), ("version", "1".to_owned())]);
    form
}

fn sure(project: &Project) -> Fields {
    vec![("slug", project.slug.clone()), ("sure", "true".to_owned())]
}

fn slug(project: &Project) -> Fields {
    vec![("slug", project.slug.clone())]
}
