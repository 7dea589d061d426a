//! Jobs that a project causes. Their handlers belong to `pledges` and `settlement`, which this crate does not
//! know.

use kernel::{ProjectId, jobs::Job};
use serde::{Deserialize, Serialize};

/// Judge the goal once the deadline has passed. Enqueued at the launch for the deadline.
#[derive(Debug, Serialize, Deserialize)]
pub struct JudgeDeadline {
    pub project: ProjectId,
}

impl Job for JudgeDeadline {
    const KIND: &'static str = "project.judge";

    fn key(&self) -> Option<String> {
        Some(self.project.to_string())
    }
}

/// Release the pledges of a project that was stopped or missed its goal.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReleasePledges {
    pub project: ProjectId,
}

impl Job for ReleasePledges {
    const KIND: &'static str = "project.release_pledges";

    fn key(&self) -> Option<String> {
        Some(self.project.to_string())
    }
}

/// Write the statement of a funded project that is due now. Enqueued when its collection ended.
#[derive(Debug, Serialize, Deserialize)]
pub struct DraftStatement {
    pub project: ProjectId,
    /// 1, 2, …: a statement comes after another.
    pub round: i16,
}

impl Job for DraftStatement {
    const KIND: &'static str = "project.draft_statement";

    fn key(&self) -> Option<String> {
        Some(format!("{}:{}", self.project, self.round))
    }
}
