//! The texts of leaving.

kernel::texts! {
    close: "회원탈퇴" | "Close account";
    lead: "탈퇴하면 바로 이렇게 돼요" | "What happens at once";
    will_erase: "이름, 이메일, 아이디, 사진, 소개, 전화번호, 주소, 로그인 기록을 지워요. 되돌릴 수 없어요." | "Your name, e-mail address, ID, picture, introduction, phone number, addresses and log-ins are erased. This cannot be undone.";
    will_keep: "공개했던 프로젝트와 결제 기록은 이름 없이 남아요. 법에 따라 보관해야 해요." | "Launched projects and payments stay, without your name. The law asks us to keep them.";
    will_free: "이메일과 아이디는 다른 사람이 다시 쓸 수 있어요." | "Your e-mail address and your ID can be used by others again.";
    will_cancel(n): "아직 마감하지 않은 후원 {n}건을 취소해요. 결제하지 않아요." | "Pledges to projects that still run are canceled ({n}). Nothing is charged.";
    will_delete_drafts(n): "쓰고 있던 초안 {n}개를 지워요." | "Drafts are deleted ({n}).";
    in_the_way: "먼저 정리할 것이 있어요" | "First, this needs to be settled";
    running(title): "‘{title}’ 프로젝트가 진행되고 있어요. 먼저 중단해 주세요." | "“{title}” is running. Please stop it first.";
    in_review(title): "‘{title}’ 프로젝트를 심사하고 있어요. 먼저 초안으로 되돌려 주세요." | "“{title}” is being reviewed. Please take it back to a draft first.";
    suspended(title): "‘{title}’ 프로젝트가 일시 중지돼 있어요. 중지가 풀린 뒤에 정리하고 탈퇴할 수 있어요." | "“{title}” is suspended. You can close your account once that is lifted and the project is settled.";
    settling(title): "‘{title}’ 프로젝트의 결제와 정산이 끝나지 않았어요. 끝난 뒤에 탈퇴할 수 있어요." | "The payments of “{title}” are not finished. You can close your account after that.";
    unpaid(title): "‘{title}’ 프로젝트의 정산이 아직 끝나지 않았어요. 끝난 뒤에 탈퇴할 수 있어요." | "The payouts of “{title}” are not finished. You can close your account after that.";
    charging(title): "‘{title}’ 후원금을 결제하고 있어요. 끝난 뒤에 탈퇴할 수 있어요." | "Your pledge to “{title}” is being charged. You can close your account after that.";
    sure: "위 내용을 읽었고, 탈퇴할게요." | "I have read this and want to close my account.";
    go: "탈퇴하기" | "Close my account";
    download: "내 정보 내려받기" | "Download my data";
    download_note: "두레에 저장된 내 정보를 JSON 파일로 받을 수 있어요." | "Get what Dure keeps about you as a JSON file.";
    to_projects: "내 프로젝트 보기" | "See my projects";
    home: "첫 화면으로" | "Go to the home page";
    closed_title: "탈퇴했어요" | "Your account is closed";
    closed: "그동안 함께해 주셔서 고마워요. 확인 메일을 마지막으로 보냈어요." | "Thank you for having been with us. A last mail confirms this.";
    mail_subject: "두레: 탈퇴했어요" | "Dure: your account is closed";
    mail_body: "두레 계정을 닫고 개인정보를 지웠어요. 그동안 함께해 주셔서 고마워요." | "Your Dure account is closed and your personal data is erased. Thank you for having been with us.";
}
