//! Rewards of projects.

use super::{Fields, May, Row, row};
use crate::harness::Project;

pub const TABLE: &[Row] = &[
    row("/api/rewards/manage/add_reward", May::CreatorOfLive, |w| reward_form(&w.live)),
    row("/api/rewards/manage/edit_reward", May::CreatorOfDraft, |w| edit_reward(&w.draft)),
    row("/api/rewards/manage/remove_reward", May::CreatorOfDraft, |w| reward(&w.draft)),
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
