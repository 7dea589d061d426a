//! The texts of accounts.

kernel::texts! {
    sign_up: "회원가입" | "Sign up";
    log_in: "로그인" | "Log in";
    log_out: "로그아웃" | "Log out";
    email: "이메일" | "E-mail";
    email_or_handle: "이메일 또는 아이디" | "E-mail or ID";
    password: "비밀번호" | "Password";
    name: "이름" | "Name";
    name_hint: "다른 사람에게 보이는 이름이에요." | "This is the name that others see.";
    password_hint: "10자 이상. 특수문자는 없어도 돼요. 낱말 몇 개를 이어 쓰면 튼튼해요." | "At least 10 characters. No symbols needed: a few words in a row make it strong.";
    agree_terms: "이용약관에 동의해요 (필수)" | "I agree to the terms of use (required)";
    agree_privacy: "개인정보 수집과 이용에 동의해요 (필수)" | "I agree to the collection and use of personal data (required)";
    agree_news: "새 소식을 메일로 받을래요 (선택)" | "Send me news by e-mail (optional)";
    stay_logged_in: "로그인 상태 유지" | "Stay logged in";
    no_account_yet: "아직 회원이 아니신가요?" | "Not a member yet?";
    have_account: "이미 회원이신가요?" | "Already a member?";
    wrong_log_in: "이메일이나 비밀번호가 맞지 않아요. 다시 확인해 주세요." | "The e-mail or password does not match. Please check them.";
    mail_sent_title: "메일을 확인해 주세요" | "Please check your mail";
    mail_sent: "보내 드린 메일의 링크를 누르면 가입이 끝나요. 링크는 24시간 동안 쓸 수 있어요." | "Follow the link in the mail that we sent to finish. The link works for 24 hours.";
    mail_sent_spam: "메일이 보이지 않으면 스팸함을 살펴봐 주세요." | "If you do not see it, please look into your spam folder.";
    open_mailbox: "연습용 우편함 열기" | "Open the sandbox mailbox";
    confirmed_title: "이메일을 확인했어요" | "Your e-mail address is confirmed";
    confirmed: "이제 후원하고 프로젝트를 시작할 수 있어요." | "You can now back projects and start your own.";
    link_stale_title: "쓸 수 없는 링크예요" | "This link does not work any more";
    link_stale: "링크가 오래됐거나 잘못됐어요. 로그인한 뒤 확인 메일을 다시 받을 수 있어요." | "The link is too old or incomplete. Log in and we can send a new one.";
    send_again: "확인 메일 다시 받기" | "Send the confirmation again";
    sent_again: "확인 메일을 다시 보냈어요." | "We sent the confirmation again.";
    not_confirmed: "이메일을 아직 확인하지 않았어요. 둘러보고 초안을 쓸 수 있지만, 후원과 공개는 확인한 뒤에 할 수 있어요." | "Your e-mail address is not confirmed yet. You can look around and draft; backing and launching come after confirming.";
    my_account: "내 계정" | "My account";
    my_pledges: "내 후원" | "My pledges";
    my_projects: "내 프로젝트" | "My projects";
    public_page: "공개 프로필" | "Public profile";
    handle: "아이디" | "ID";
    phone: "휴대폰 번호 (선택)" | "Mobile number (optional)";
    phone_hint: "후원금 결제에 문제가 생기면 메일과 함께 문자로도 알려 드려요. 암호화해서 보관해요." | "If a payment of yours fails, we send a text as well as a mail. Kept encrypted.";
    save: "저장" | "Save";
    saved: "저장했어요." | "Saved.";
    member_since(day): "{day}에 함께하기 시작했어요" | "Member since {day}";
    their_projects(name): "{name} 님의 프로젝트" | "Projects by {name}";
    no_projects_yet: "아직 공개한 프로젝트가 없어요." | "No public projects yet.";
    welcome_back: "다시 만나 반가워요" | "Welcome back";
    welcome: "두레에 함께해요" | "Join Dure";

    mail_confirm_subject: "두레: 이메일 주소를 확인해 주세요" | "Dure: please confirm your e-mail address";
    mail_confirm_hello(name): "{name} 님, 안녕하세요." | "Hello {name},";
    mail_confirm_body: "아래 버튼을 누르면 회원가입이 끝나요. 링크는 24시간 동안 쓸 수 있어요." | "Follow the link below to finish signing up. It works for 24 hours.";
    mail_confirm_action: "이메일 확인하기" | "Confirm my e-mail address";
    mail_not_you: "가입한 적이 없다면 이 메일을 무시하셔도 돼요." | "If you did not sign up, you can ignore this mail.";
    mail_exists_subject: "두레: 이미 가입한 주소예요" | "Dure: this address has an account already";
    mail_exists_body: "누군가 이 주소로 회원가입을 하려 했어요. 이미 계정이 있으니 로그인해 주세요." | "Somebody tried to sign up with this address. You have an account already, so please log in.";
}
