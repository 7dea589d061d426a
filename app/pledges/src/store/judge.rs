//! What a project's end asks of its pledges.

use chrono::{DateTime, Utc};
use kernel::{PledgeId, ProjectId};
use sqlx::PgConnection;

/// Makes the reserved pledges of a project due and enqueues the first run for each; tells how many.
///
/// Each is due at its own moment within the tenth of a second before the run, so that projects which end
/// together take turns: charges of one project wait for each other at its book.
pub async fn make_due(db: &mut PgConnection, project: ProjectId, first: DateTime<Utc>) -> sqlx::Result<u64> {
    let due = sqlx::query!(
        "with due as (update pledges set state = 'due' where project_id = $1 and state = 'reserved' returning id)
         insert into jobs (kind, payload, dedup_key, run_at)
         select 'pledge.charge', jsonb_build_object('pledge', id, 'run', 1), id || ':1',
                $2::timestamptz - random() * interval '100 milliseconds' from due",
        project.uuid(),
        first
    )
    .execute(db)
    .await?;
    Ok(due.rows_affected())
}

/// What stands for a project: the sum of its pledges with a card, and of those whose transfer came.
pub async fn secured_total(db: &mut PgConnection, project: ProjectId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select coalesce(sum(total_minor), 0)::bigint as "total!" from pledges
            where project_id = $1 and state in ('reserved', 'deposited')"#,
        project.uuid()
    )
    .fetch_one(db)
    .await
}

/// Those whose transfers were taken are collected.
pub async fn collect_deposited(db: &mut PgConnection, project: ProjectId) -> sqlx::Result<()> {
    sqlx::query!(
        "update pledges set state = 'collected' where project_id = $1 and state = 'deposited'",
        project.uuid()
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Pledges of a project that were paid by transfer, a batch at a time.
pub async fn paid_by_transfer_after(
    db: &mut PgConnection,
    project: ProjectId,
    last: Option<PledgeId>,
    most: i64,
) -> sqlx::Result<Vec<PledgeId>> {
    let ids = sqlx::query_scalar!(
        "select p.id from pledges p join payments y on y.purpose = 'pledge' and y.purpose_id = p.id
          where p.project_id = $1 and p.state = 'collected' and y.method = 'bank_transfer'
            and p.id > coalesce($2, '00000000-0000-0000-0000-000000000000'::uuid)
          order by p.id limit $3",
        project.uuid(),
        last.map(PledgeId::uuid),
        most
    )
    .fetch_all(db)
    .await?;
    Ok(ids.into_iter().map(PledgeId::from_uuid).collect())
}

/// Pledges of a project in a state, oldest first, a batch at a time.
pub async fn in_state(
    db: &mut PgConnection,
    project: ProjectId,
    state: &str,
    most: i64,
) -> sqlx::Result<Vec<PledgeId>> {
    let ids = sqlx::query_scalar!(
        "select id from pledges where project_id = $1 and state = $2 order by id limit $3",
        project.uuid(),
        state,
        most
    )
    .fetch_all(db)
    .await?;
    Ok(ids.into_iter().map(PledgeId::from_uuid).collect())
}

/// Whether a charge of the project is still to come.
pub async fn any_due(db: &mut PgConnection, project: ProjectId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from pledges where project_id = $1 and state in ('due', 'retry_wait', 'action_needed')) as "any!""#,
        project.uuid()
    )
    .fetch_one(db)
    .await
}
