//! The texts of logging in through others.

kernel::texts! {
    with(provider): "{provider} 계정으로 계속하기" | "Continue with {provider}";
    canceled: "취소했어요. 다시 하거나 다른 방법으로 로그인할 수 있어요." | "That was canceled. You can try again, or log in another way.";
    failed: "지금은 이 방법을 쓸 수 없어요. 잠시 뒤에 다시 하거나 다른 방법을 써 주세요." | "This way does not work right now. Try again, or use another one.";
    not_yours: "이 두레 계정에 연결된 계정이 아니에요." | "That account is not connected to this Dure account.";
    linked: "연결했어요. 이제 이 방법으로도 로그인할 수 있어요." | "Connected. From now on you can log in this way too.";
    providers: "간편 로그인" | "Log in through others";
    providers_lead: "연결해 두면 비밀번호 없이 로그인할 수 있어요." | "Connect an account that you have elsewhere, and log in without the password.";
    since(day): "{day}에 연결" | "Connected {day}";
    unlink: "연결 끊기" | "Disconnect";
    arrived(provider): "{provider}에서 본인 확인을 마쳤어요. 몇 가지만 확인하면 가입이 끝나요." | "{provider} has told us who you are. A few more things and you are in.";
    have_other: "이미 두레 회원이신가요?" | "Already a member of Dure?";
    known: "이미 가입하셨어요" | "You have an account already";
    known_lead(email, provider): "{email} 주소로 가입한 계정이 있어요. 전에 쓰던 방법으로 로그인하면 {provider} 계정을 연결할 수 있어요." | "{email} has an account. Log in the way you did before, and you can connect {provider} to it.";
    link_to(provider): "{provider} 연결하기" | "Connect {provider}";
    link_lead(name, provider): "{name} 님의 두레 계정에 방금 확인한 {provider} 계정을 연결할까요? 다음부터 그 계정으로 로그인할 수 있어요." | "Connect the {provider} account that you just used to the Dure account of {name}? From then on it logs you in.";
    link: "연결하기" | "Connect";
    not_now: "나중에 하기" | "Not now";
    mail_linked(provider): "이제 {provider} 계정으로도 로그인할 수 있어요." | "From now on {provider} logs you in as well.";
    mail_unlinked(provider): "이제 {provider} 계정으로는 로그인할 수 없어요." | "{provider} does not log you in any more.";
}
