//! The texts of deposits.

kernel::texts! {
    statement_too_large: "파일이 10MB보다 커요. 기간을 나누어 받은 거래내역을 올려 주세요." | "The file is larger than 10 MB. Please upload statements of shorter periods.";
    too_many_lines(most): "거래내역이 {most}줄을 넘어요. 기간을 나누어 올려 주세요." | "The statement has more than {most} lines. Please upload shorter periods.";
    web_page: "엑셀처럼 보이지만 웹 페이지로 저장된 파일이에요. 엑셀에서 열어 xlsx나 CSV로 다시 저장해 주세요." | "This file is a web page under the name of a workbook. Please open it in Excel and save it as xlsx or CSV.";
    locked: "암호가 걸린 파일이에요. 암호를 풀고 다시 저장해 주세요." | "The file is locked with a password. Please save it again without one.";
    several_sheets: "내용이 있는 시트가 여러 개예요. 거래내역 시트 하나만 남겨 주세요." | "Several sheets have content. Please leave only the one with the statement.";
    not_a_table: "표로 읽을 수 없는 파일이에요. xlsx, xls, CSV 파일을 올려 주세요." | "We cannot read this file as a table. Please upload an xlsx, xls or CSV file.";
    bad_bytes(line): "{line}번째 줄의 글자를 읽을 수 없어요. UTF-8이나 EUC-KR로 저장해 주세요." | "Line {line} cannot be read as text. Please save the file as UTF-8 or EUC-KR.";
    open_quote(line): "{line}번째 줄에서 시작한 따옴표가 닫히지 않았어요." | "A quotation mark that begins in line {line} is never closed.";
    long_cell(line): "{line}번째 줄에 지나치게 긴 칸이 있어요. 따옴표나 구분 기호를 확인해 주세요." | "Line {line} has a cell that is far too long. Please check quotation marks and separators.";
    unknown_headings: "어느 열이 무엇인지 알 수 없어요. 아래에서 골라 주세요." | "We cannot tell which column is what. Please choose below.";
    missing_column(line, column): "{line}번째 줄의 제목에 ‘{column}’ 열이 없어요." | "The headings in line {line} have no column for “{column}”.";
    wrong_columns: "거래일시와 입금액(또는 거래금액)이 어느 열인지 골라 주세요. 한 열은 한 번만 고를 수 있어요." | "Please choose the columns of the date and of the amount that came in (or the signed amount). Each column can be chosen once.";
    too_many_cells(line): "{line}번째 줄에 제목보다 칸이 더 많아요. 금액의 쉼표가 따옴표 없이 들어갔는지 확인해 주세요." | "Line {line} has more cells than there are headings. Please check for amounts with commas but without quotation marks.";
    not_a_date(line, column): "{line}번째 줄 ‘{column}’ 칸: 날짜를 읽을 수 없어요." | "Line {line}, column {column}: this is not a date.";
    not_a_time(line, column): "{line}번째 줄 ‘{column}’ 칸: 시각을 읽을 수 없어요." | "Line {line}, column {column}: this is not a time.";
    not_an_amount(line, column): "{line}번째 줄 ‘{column}’ 칸: 금액을 읽을 수 없어요." | "Line {line}, column {column}: this is not an amount.";
    neither_in_nor_out(line, column): "{line}번째 줄 ‘{column}’ 칸: 입금인지 출금인지 알 수 없어요." | "Line {line}, column {column}: this says neither deposit nor withdrawal.";
    no_amount(line): "{line}번째 줄에 금액이 없어요." | "Line {line} has no amount.";
    two_amounts(line): "{line}번째 줄에 입금액과 출금액이 모두 있어요." | "Line {line} has both an amount in and an amount out.";
    too_many_alike(line): "{line}번째 줄까지 똑같은 줄이 너무 많아요." | "Up to line {line} there are too many lines that are exactly alike.";
    empty_statement: "거래가 한 줄도 없어요." | "The statement has no lines.";

    column_at: "거래일시" | "Date";
    column_time: "거래시간" | "Time";
    column_credit: "입금액" | "Amount in";
    column_debit: "출금액" | "Amount out";
    column_amount: "거래금액" | "Signed amount";
    column_kind: "입출금 구분" | "In or out";
    column_name: "보낸 사람" | "Name";
    column_memo: "적요·메모" | "Memo";
    column_balance: "잔액" | "Balance";

    unwritable(line, column, letter): "{line}번째 줄 ‘{column}’ 칸: ‘{letter}’ 글자는 은행 파일에 쓸 수 없어요." | "Line {line}, column {column}: a bank's file cannot hold the letter “{letter}”.";
    formula(line, column): "{line}번째 줄 ‘{column}’ 칸: = + - @ 기호로 시작할 수 없어요." | "Line {line}, column {column}: this cannot begin with = + - or @.";
    empty_cell(line, column): "{line}번째 줄 ‘{column}’ 칸이 비어 있어요." | "Line {line}, column {column}: this is empty.";
    not_won(line): "{line}번째 줄: 원화로만 이체할 수 있어요." | "Line {line}: only won can be transferred.";
    not_positive(line): "{line}번째 줄: 금액은 0원보다 커야 해요." | "Line {line}: the amount must be more than nothing.";

    read_before: "이 파일은 이미 읽었어요. 새로 들어온 줄은 없어요." | "This file was read before. Nothing in it is new.";
    nothing_sent: "파일을 고르거나 거래내역을 붙여 넣어 주세요." | "Please choose a file or paste the statement.";
    stands_otherwise: "그사이에 상태가 바뀌었어요. 지금 상태를 확인해 주세요." | "This has changed meanwhile. Please look at how it stands now.";
    too_late: "끝난 후원이거나 마감 뒤에 들어온 돈이라 연결할 수 없어요. 돈을 돌려보내 주세요." | "The pledge is over, or the money came after the deadline: it cannot be matched. Please return it.";
}
