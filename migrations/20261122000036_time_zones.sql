-- How instants are shown to a member: an IANA name.
alter table members add column time_zone text not null default 'Asia/Seoul' check (length(time_zone) between 1 and 64);
