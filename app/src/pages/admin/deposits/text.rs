//! The texts of the operators' page about deposits.

use kernel::Locale;

kernel::texts! {
    deposits: "입금" | "Deposits";
    account: "입금 계좌" | "Receiving accounts";
    no_accounts: "입금받을 계좌가 아직 없어요." | "There is no receiving account yet.";
    read_statement: "거래내역 올리기" | "Read a statement";
    covered_until(time): "{time}까지 들어온 돈을 확인했어요." | "What came in until {time} is known.";
    never_read: "아직 올린 거래내역이 없어요." | "No statement was read yet.";
    file: "은행에서 받은 파일" | "The bank's file";
    file_hint: "xlsx, xls, CSV 파일을 10MB까지 올릴 수 있어요." | "An xlsx, xls or CSV file of up to 10 MB.";
    paste: "또는 붙여 넣기" | "Or paste it";
    paste_hint: "제목 줄부터 붙여 넣어 주세요." | "With the line of headings.";
    until: "조회한 마지막 날" | "Last day asked for";
    until_hint: "지난 날이면 그날까지 모두 확인한 것으로 기록해요. 비우면 마지막 줄까지예요." | "If that day is over, everything until its end counts as known. Empty: up to the last line.";
    read: "거래내역 읽기" | "Read the statement";
    was_read(lines, fresh): "{lines}줄을 읽었고, 새로운 줄은 {fresh}줄이에요." | "{lines} lines were read, {fresh} of them new.";
    was_booked(booked): "입금 {booked}건을 확인했어요." | "{booked} deposits were confirmed.";
    explained: "열을 기억했어요. 같은 파일을 다시 올려 주세요." | "The columns are remembered. Please send the same file again.";
    done: "처리했어요." | "Done.";
    nothing_waits: "기다리는 줄이 없어요." | "No line is waiting.";
    outgoing(count): "나간 돈 {count}건은 여기서 다루지 않아요." | "{count} lines that went out are not dealt with here.";
    more: "앞의 줄을 처리하면 나머지가 나와요." | "The rest shows once these are dealt with.";
    confirm(count, sum): "{count}건, {sum} 모두 확인하기" | "Confirm all {count}, {sum}";
    of(amount): "{amount} 가운데 남은 돈" | "left of {amount}";

    certain: "확실한 입금" | "Certain";
    certain_note: "코드와 금액, 시각이 모두 맞아요." | "Code, amount and time are right.";
    likely: "아마 맞는 입금" | "Likely";
    likely_note: "코드는 없지만 이름과 금액이 맞는 후원이 하나 있어요." | "No code, but one deposit has this name and amount.";
    short: "모자란 입금" | "Too little";
    short_note: "연결하면 나머지를 기다려요." | "Once it is matched, the rest is waited for.";
    excess: "넘친 입금" | "Too much";
    excess_note: "연결하면 넘친 돈이 남아요." | "Once it is matched, what is too much is left over.";
    late: "늦은 입금" | "Late";
    late_note: "기한이 지나 들어왔어요." | "It came after its time.";
    double: "두 번 들어온 입금" | "Double";
    double_note: "이미 모두 입금된 후원이에요." | "All that was wanted is there already.";
    canceled: "끝난 후원의 입금" | "For a pledge that is over";
    canceled_note: "취소했거나 끝난 후원이에요. 돌려보내 주세요." | "The pledge was cancelled or has ended. Please return it.";
    unknown: "알 수 없는 입금" | "Unknown";
    unknown_note: "어느 후원인지 찾지 못했어요." | "Nothing tells for which pledge it is.";
    went_out: "나간 돈" | "Went out";

    name: "보낸 사람" | "Name";
    memo: "적요·메모" | "Memo";
    time: "시각" | "Time";
    amount: "금액" | "Amount";
    match_to: "후원에 연결하기" | "Match it";
    find: "기다리는 입금 찾기" | "Find a deposit";
    find_hint: "입금 코드, 입금자 이름, 금액으로 찾아요." | "By code, name or amount.";
    search: "찾기" | "Find";
    none_found: "맞는 입금을 찾지 못했어요." | "No deposit fits.";
    closed: "끝남" | "Closed";
    wants(amount, matched): "{amount} 가운데 {matched} 입금됨" | "{matched} of {amount} has come in";
    match_it: "연결하기" | "Match";
    return_it: "돌려보내기" | "Return it";
    return_note(amount): "{amount} 전부를 계좌로 돌려보내요. 계좌는 환불에서 정해요." | "{amount} is sent back to an account, which is asked for under refunds.";
    reason: "이유" | "Reason";
    choose_reason: "이유를 골라 주세요" | "Please choose a reason";
    set_aside: "두레와 관계없는 돈" | "Not for Dure";
    set_aside_note: "이자처럼 후원과 관계없는 줄을 따로 둬요. 되돌릴 수 있어요." | "Sets a line aside that has nothing to do with pledges, such as interest. It can be brought back.";
    aside_lines: "따로 둔 줄과 돌려보내는 줄" | "Set aside, and on the way back";
    aside: "따로 둠" | "Set aside";
    returning: "돌려보내는 중" | "Being returned";
    bring_back: "되돌리기" | "Bring back";
    matched: "연결한 입금" | "Matched";
    undone: "되돌림" | "Taken back";
    undo_mistake: "잘못 연결했어요" | "It was a mistake";
    undo_reversed: "은행이 되찾아 갔어요" | "The bank took it back";

    which_columns: "어느 열이 무엇인가요?" | "Which column is what?";
    which_columns_note: "한 번 고르면 기억해요. 고른 뒤 같은 파일을 다시 올려 주세요." | "What you choose is remembered. Then please send the same file again.";
    headings: "제목 줄" | "The row of headings";
    head_row(line, cells): "{line}번째 줄: {cells}" | "Line {line}: {cells}";
    no_column: "없음" | "None";
    nth_column(n, cell): "{n}번째 열: {cell}" | "Column {n}: {cell}";
    remember: "기억하기" | "Remember";
}

/// The name of a queue, and what is special about it.
pub fn queue(l: Locale, code: &str) -> (&'static str, &'static str) {
    match code {
        "certain" => (certain(l), certain_note(l)),
        "likely" => (likely(l), likely_note(l)),
        "short" => (short(l), short_note(l)),
        "excess" => (excess(l), excess_note(l)),
        "late" => (late(l), late_note(l)),
        "double" => (double(l), double_note(l)),
        "canceled" => (canceled(l), canceled_note(l)),
        "outgoing" => (went_out(l), ""),
        _ => (unknown(l), unknown_note(l)),
    }
}
