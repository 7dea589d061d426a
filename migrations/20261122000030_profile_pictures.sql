-- Profile pictures, and one place that says which pictures are shown: all others are swept.

alter table members add column picture_id uuid unique references pictures;

create view shown_pictures as
    select cover_id as picture_id from projects where cover_id is not null
    union all
    select picture_id from members where picture_id is not null;
