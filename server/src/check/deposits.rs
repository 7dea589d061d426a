//! What must hold of bank transfers: what came in, to whom it belongs, and what the books say of it.

use super::Law;

pub const LAWS: &[Law] = &[
    Law {
        name: "every deposit has what was matched to it",
        broken: "select 'deposit ' || d.id || ' has ' || d.matched_minor || ', its matches ' || coalesce(sum(x.amount_minor), 0)
                   from deposits d left join deposit_matches x on x.deposit_id = d.id and x.undone_at is null
                  where d.account_id is not null
                  group by d.id having d.matched_minor <> coalesce(sum(x.amount_minor), 0)",
    },
    Law {
        name: "of every line is used what belongs to deposits or goes back",
        broken: "select 'line ' || l.id || ' is ' || l.state || ' with ' || l.used_minor || ' of ' || l.amount_minor
                   from bank_lines l
                   left join lateral (select coalesce(sum(amount_minor), 0) as minor from deposit_matches
                                       where line_id = l.id and undone_at is null) x on true
                   left join lateral (select coalesce(sum(amount_minor), 0) as minor from refunds
                                       where line_id = l.id and state <> 'called_off') r on true
                   left join lateral (select coalesce(sum(amount_minor), 0) as minor from transfers
                                       where back_line_id = l.id) b on true
                  where l.amount_minor > 0 and (l.used_minor <> x.minor + r.minor + b.minor
                     or l.state in ('waiting', 'set_aside') and r.minor > 0
                     or l.state = 'set_aside' and l.used_minor > 0
                     or l.state = 'matched' and l.used_minor <> l.amount_minor)",
    },
    Law {
        name: "the books hold of every receiving account what its statements tell",
        broken: "select 'account ' || coalesce(l.id, s.id) || ': its lines sum to ' || coalesce(l.minor, 0) || ', the books say '
                        || coalesce(s.minor, 0)
                   from (select account_id as id, sum(amount_minor) as minor from bank_lines group by 1) l
                   full join (select substr(account, 6)::uuid as id, sum(minor) as minor from ledger_sums
                               where account like 'bank:%' group by 1) s on s.id = l.id
                  where coalesce(l.minor, 0) <> coalesce(s.minor, 0)",
    },
    Law {
        name: "what was set aside is booked as nobody's",
        broken: "select 'the books say ' || coalesce(b.minor, 0) || ' ' || coalesce(b.currency, l.currency) || ', the lines '
                        || coalesce(l.minor, 0)
                   from (select currency, -sum(minor) as minor from ledger_sums
                          where account = 'other' and kind = 'line_set_aside' group by 1) b
                   full join (select currency, sum(amount_minor) as minor from bank_lines where state = 'set_aside'
                               group by 1) l on l.currency = b.currency
                  where coalesce(b.minor, 0) <> coalesce(l.minor, 0)",
    },
    Law {
        name: "backers' deposits of a project are what came in for it and was not taken",
        broken: "select 'project ' || coalesce(b.book, d.book) || ' holds ' || coalesce(b.minor, 0) || ', came in '
                        || coalesce(d.minor, 0)
                   from (select book, -sum(minor) as minor from ledger_sums
                          where account = 'backer_deposits' and kind in ('deposit_matched', 'deposit_unmatched', 'deposits_taken')
                          group by 1) b
                   full join (select y.project_id as book, sum(x.amount_minor) as minor
                                from deposit_matches x join deposits d on d.id = x.deposit_id
                                join payments y on y.id = d.payment_id
                               where x.undone_at is null and y.state <> 'collected' group by 1) d on d.book = b.book
                  where coalesce(b.minor, 0) <> coalesce(d.minor, 0)",
    },
    Law {
        name: "a payment by transfer is received once all of its deposit is there",
        broken: "select 'payment ' || y.id || ' is ' || y.state || ' with ' || y.paid_minor || ' of ' || y.amount_minor
                   from payments y
                  where y.method = 'bank_transfer' and y.state in ('awaiting', 'received')
                    and ((y.state = 'received') <> exists (select from deposits d
                             where d.payment_id = y.id and d.state = 'matched' and d.matched_minor = y.amount_minor)
                      or y.paid_minor <> case y.state when 'received' then y.amount_minor else 0 end)",
    },
];
