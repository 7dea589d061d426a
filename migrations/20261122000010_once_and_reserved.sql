-- A form that is sent twice makes one project or one reward: its page carries the key.
alter table projects
    add column form_key uuid,
    add constraint project_form_once unique (creator_id, form_key);
alter table rewards
    add column form_key uuid,
    add constraint reward_form_once unique (project_id, form_key);

-- /studio/new is the form of a new project and can be no project's address.
update projects set slug = 'new-' || right(id::text, 5) where slug = 'new';
alter table projects add constraint slug_is_no_page check (slug <> 'new');

-- Covers that nobody shows any more are looked for every few minutes.
create index projects_by_cover on projects (cover_id) where cover_id is not null;
