//! Rewards of projects.

use super::{Fields, May, Row, row};
use crate::harness::Project;

pub const TABLE: &[Row] = &[
    row("/api/rewards/manage/add_reward", May::CreatorOfLive, |w| reward_form(&w.live)),
    row("/api/rewards/manage/edit_reward", May::CreatorOfDraft, |w| edit_reward(&w.draft)),
    row("/api/rewards/manage/remove_reward", May::CreatorOfDraft, |w| reward(&w.draft)),
    row("/api/rewards/shipping/set_shipping", May::CreatorOfDraft, |w| shipping(&w.draft, "first")),
    row("/api/rewards/shipping/add_destination", May::CreatorOfDraft, |w| {
        let mut form = shipping(&w.draft, "country_first");
        form.push(("country", "JP".to_owned()));
        form
    }),
    row("/api/rewards/shipping/remove_destination", May::CreatorOfDraft, |w| {
        vec![("slug", w.draft.slug.clone()), ("zone", "JP".to_owned())]
    }),
];

fn reward_form(project: &Project) -> Fields {
    let delivery = project.deadline.format("%Y-%m").to_string();
    vec![
        ("slug", project.slug.clone()),
        ("title", "찻잔".to_owned()),
        ("price", "1000".to_owned()),
        ("delivery", delivery),
    ]
}

fn reward(project: &Project) -> Fields {
    vec![("slug", project.slug.clone()), ("reward", project.rewards[0].to_string())]
}

fn edit_reward(project: &Project) -> Fields {
    let mut form = reward_form(project);
    form.push(("reward", project.rewards[0].to_string()));
    form
}

fn shipping(project: &Project, field: &'static str) -> Fields {
    vec![("slug", project.slug.clone()), (field, "3000".to_owned())]
}
