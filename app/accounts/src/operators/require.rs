//! Who may enter what is for operators alone.

use super::{Actor, Role, roles_of};
use kernel::{Member, Refusal, Viewer, db::Db};
use ui::PageRequest;

/// Somebody who runs the site.
#[derive(Clone, Debug)]
pub struct Operator {
    pub member: Member,
    pub roles: Vec<Role>,
}

impl Operator {
    /// Whether they may do what is for these roles.
    #[must_use]
    pub fn may(&self, roles: &[Role]) -> bool {
        self.roles.iter().any(|role| *role == Role::Operator || roles.contains(role))
    }

    /// As the audit log names them.
    #[must_use]
    pub const fn actor(&self) -> Actor {
        Actor::Member(self.member.id)
    }
}

/// Whoever is logged in and has one of these roles. Others do not learn that there is something.
pub async fn require_role(db: &Db, roles: &[Role]) -> Result<Operator, Refusal> {
    operator(db, Viewer::require_member()?, roles).await
}

/// For pages.
pub async fn require_role_of(req: &PageRequest, roles: &[Role]) -> Result<Operator, Refusal> {
    operator(&req.db, req.member()?.clone(), roles).await
}

/// For requests that are neither a page nor a server function.
pub async fn require_role_for(db: &Db, member: Member, roles: &[Role]) -> Result<Operator, Refusal> {
    operator(db, member, roles).await
}

async fn operator(db: &Db, member: Member, roles: &[Role]) -> Result<Operator, Refusal> {
    let operator = Operator { roles: roles_of(&db.pool, member.id).await?, member };
    if operator.may(roles) { Ok(operator) } else { Err(Refusal::NotFound) }
}
