//! The texts of the profile.

kernel::texts! {
    profile: "프로필" | "Profile";
    picture: "프로필 사진" | "Profile picture";
    picture_hint: "가운데를 정사각형으로 잘라 보여 드려요. JPEG, PNG, WebP, GIF, 10MB까지." | "The square in the middle is shown. JPEG, PNG, WebP or GIF, up to 10 MB.";
    picture_file: "사진 파일" | "Picture file";
    remove_picture: "사진 지우기" | "Remove picture";
    introduction: "소개" | "Introduction";
    introduction_hint: "공개 프로필에 보여요. 1,000자까지 쓸 수 있어요." | "Shown on your public page. Up to 1,000 characters.";
    handle: "아이디" | "ID";
    handle_hint: "영문 소문자, 숫자, 밑줄(_)로 3~30자. 바꿔도 예전 주소는 새 주소로 이어져요." | "3 to 30 lowercase letters, digits and underscores. If you change it, the old address leads to the new one.";
    links: "링크" | "Links";
    links_hint: "한 줄에 하나씩, 다섯 개까지. ‘https://’로 시작해요." | "One a line, up to five, each beginning with https://.";
    shows_backed: "후원한 프로젝트를 공개 프로필에 보여요" | "Show the projects that I backed on my public page";
    language: "언어" | "Language";
    language_hint: "메일을 이 언어로 보내고, 로그인하면 이 언어로 열어요." | "Mails come in this language, and a log-in leads to it.";
    time_zone: "시간대" | "Time zone";
    time_zone_hint: "내 계정과 메일의 시각을 이 시간대로 보여 드려요. 모두가 보는 페이지는 한국 시간이에요." | "Times in your account and in your mails. Pages that everybody sees show Korean time.";
    often_chosen: "자주 쓰는 시간대" | "Often chosen";
    save: "저장" | "Save";
    saved: "저장했어요." | "Saved.";
}
