//! The texts of pictures.

kernel::texts! {
    upload: "사진 올리기" | "Upload picture";
    not_a_picture: "읽을 수 있는 사진이 아니에요. JPEG, PNG, WebP, GIF 파일을 골라 주세요." | "This is not a picture that we can read. Please choose a JPEG, PNG, WebP or GIF file.";
    too_large: "사진이 너무 커요. 10MB, 1,200만 화소까지는 언제나 올릴 수 있어요." | "The picture is too large. Up to 10 MB and 12 megapixels always fit.";
    not_stored: "지금은 사진을 저장할 수 없어요. 잠시 뒤에 다시 올려 주세요." | "Pictures cannot be stored at the moment. Please upload it again shortly.";
}
