//! The texts of the frame.

kernel::texts! {
    brand: "두레" | "Dure";
    skip: "본문으로 건너뛰기" | "Skip to content";
    main_nav: "주 메뉴" | "Main menu";
    discover: "둘러보기" | "Discover";
    start: "프로젝트 시작하기" | "Start a project";
    search: "검색" | "Search";
    search_label: "프로젝트 찾기" | "Find projects";
    log_in: "로그인" | "Log in";
    sign_up: "회원가입" | "Sign up";
    admin: "운영" | "Admin";
    my_account: "내 계정" | "My account";
    unread(n): "새 알림 {n}개" | "{n} new notifications";
    other_language: "English" | "한국어";
    footer_promise: "목표를 채웠을 때만 결제돼요. 채우지 못하면 아무도 결제하지 않아요." | "You pay only when the goal is reached. If it is missed, nobody pays.";
    terms: "이용약관" | "Terms of use";
    privacy: "개인정보 처리방침" | "Privacy";
    in_force(version): "{version} 판" | "Version {version}";
    sandbox_note: "연습용 사이트예요. 진짜 돈은 오가지 않아요." | "This is a practice site. No real money moves.";
    mailbox: "연습용 우편함" | "Sandbox mailbox";
    back_project: "후원하기" | "Back this project";
    edit_project: "프로젝트 고치기" | "Edit this project";
    your_pledge(sum): "내 후원: {sum}" | "Your pledge: {sum}";
    their_projects: "공개한 프로젝트" | "Public projects";
    backed_projects: "후원한 프로젝트" | "Backed projects";
    no_projects_yet: "아직 공개한 프로젝트가 없어요." | "No public projects yet.";
    oops_not_found: "페이지를 찾을 수 없어요" | "Page not found";
    oops_forbidden: "들어갈 수 없는 곳이에요" | "You cannot go here";
    oops_confirm: "이메일을 먼저 확인해 주세요" | "Please confirm your e-mail first";
    oops_unavailable: "잠시 쉬고 있어요" | "We are taking a short break";
    oops_too_many: "조금 천천히 해 주세요" | "A little slower, please";
    still_here: "입력하신 내용은 그대로 있어요. 잠시 뒤에 아래 버튼을 눌러 주세요." | "What you typed is still here. Press the button in a moment.";
    secret_again: "비밀번호는 남겨 두지 않아요. 한 번 더 입력해 주세요." | "Passwords are never kept. Please type it once more.";
    password: "비밀번호" | "Password";
    new_password: "새 비밀번호" | "New password";
    send_again: "다시 보내기" | "Send again";
    oops: "문제가 생겼어요" | "Something went wrong";
    go_home: "첫 화면으로" | "Go to the home page";
    go_discover: "프로젝트 둘러보기" | "Discover projects";
    go_account: "내 계정으로" | "Go to my account";
}
