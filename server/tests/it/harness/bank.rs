//! Bank transfers, as far as tests need them beside the pages.

use crate::harness::{Choice, Person, Project, TestApp};
use kernel::{Bank, Currency, PledgeId, ReceivingAccountId};

impl TestApp {
    /// An account of the operator that is offered.
    pub async fn receiving_account(&self) -> ReceivingAccountId {
        let new = deposits::receiving::NewAccount {
            bank: Bank::of("004").expect("the bank is known"),
            number: format!("{:012}", ReceivingAccountId::new().uuid().as_u128() % 1_000_000_000_000),
            holder: "두레".to_owned(),
            currency: Currency::KRW,
        };
        let mut connection = self.state.db.pool.acquire().await.expect("the database answers");
        let added = deposits::receiving::add(&mut connection, &new, self.now()).await;
        added.expect("the database answers").expect("the number is new")
    }
}

impl Person {
    /// Pledges at the checkout, to be paid by transfer.
    pub async fn pledges_by_transfer(
        &mut self,
        project: &Project,
        choice: &Choice,
        account: ReceivingAccountId,
    ) -> PledgeId {
        let checkout = self.get(&format!("{}/pledge", project.page())).await;
        let key = checkout.value_of("key").expect("the checkout is open");
        let mut fields = choice.fields(project, &key);
        fields.extend([
            ("method", "bank_transfer".to_owned()),
            ("account", account.to_string()),
            ("depositor", "이 후원".to_owned()),
        ]);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let page = self.submit("/api/pledges/place/place_pledge", &fields).await;
        assert!(page.has("이 계좌로 입금해 주세요"), "{}: {:?}", page.status, page.alerts());
        let id = page.address.trim_start_matches("/account/pledges/");
        id.parse().expect("an id")
    }
}
