//! Jobs that a project causes. Their handlers belong to `pledges`, which this crate does not know.

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
