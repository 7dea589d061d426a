//! A transfer came for a pledge, or is waited for again. The caller holds pledge and payment.

use kernel::PledgeId;
use sqlx::PgConnection;

/// Whether a pledge waits for its transfer; pledge and payment are locked until the caller's transaction ends.
pub async fn awaits_deposit(db: &mut PgConnection, pledge: PledgeId) -> sqlx::Result<bool> {
    let state = sqlx::query_scalar!("select state from pledges where id = $1 for update", pledge.uuid())
        .fetch_one(&mut *db)
        .await?;
    let payment = sqlx::query_scalar!(
        "select state from payments where purpose = 'pledge' and purpose_id = $1 for update",
        pledge.uuid()
    )
    .fetch_one(db)
    .await?;
    Ok(state == "awaiting_deposit" && payment == "awaiting")
}

/// Whether the transfer of a pledge is there and was not taken for its project yet.
pub async fn has_deposit(db: &mut PgConnection, pledge: PledgeId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select p.state = 'deposited' and y.state = 'received' as "has!" from pledges p
             join payments y on y.purpose = 'pledge' and y.purpose_id = p.id where p.id = $1"#,
        pledge.uuid()
    )
    .fetch_one(db)
    .await
}

/// All of it is there.
pub async fn receive(db: &mut PgConnection, pledge: PledgeId) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments set state = 'received', paid_minor = amount_minor
          where purpose = 'pledge' and purpose_id = $1 and state = 'awaiting'",
        pledge.uuid()
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Not all of it is there any more.
pub async fn await_again(db: &mut PgConnection, pledge: PledgeId) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments set state = 'awaiting', paid_minor = 0
          where purpose = 'pledge' and purpose_id = $1 and state = 'received'",
        pledge.uuid()
    )
    .execute(db)
    .await?;
    Ok(())
}
