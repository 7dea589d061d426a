//! The file store, a folder and an S3 service alike: kept, served, swept, away and back.

use crate::{
    harness::{BucketServer, Person, Plan, TestApp},
    pictures::png,
};
use chrono::TimeDelta;
use futures::TryStreamExt;
use object_store::{ObjectStore, local::LocalFileSystem, prefix::PrefixStore};
use pictures::PictureError;
use server::storage::{Bucket, Storage};
use std::{env, fs, path::PathBuf};
use tokio::net::TcpListener;

/// A store that can be taken away and brought back.
enum Place {
    Folder(PathBuf),
    Bucket(Box<BucketServer>),
}

impl Place {
    fn folder() -> Self {
        Self::Folder(env::temp_dir().join(format!("dure-files-{}", uuid::Uuid::new_v4())))
    }

    async fn bucket() -> Self {
        Self::Bucket(Box::new(BucketServer::start().await))
    }

    async fn app(&self) -> TestApp {
        let storage = match self {
            Self::Folder(folder) => Storage::Folder(folder.clone()),
            Self::Bucket(server) => server.storage(),
        };
        TestApp::start_with(|config| config.files = storage).await
    }

    /// Names of the files that are there.
    async fn kept(&self) -> Vec<String> {
        let store: Box<dyn ObjectStore> = match self {
            Self::Folder(folder) => {
                Box::new(LocalFileSystem::new_with_prefix(folder).expect("the folder is there"))
            }
            Self::Bucket(server) => Box::new(PrefixStore::new(server.store(), "site/files")),
        };
        let files: Vec<_> = store.list(None).try_collect().await.expect("the store answers");
        files.into_iter().map(|file| file.location.to_string()).collect()
    }

    async fn take_away(&mut self) {
        match self {
            Self::Folder(folder) => {
                fs::rename(&*folder, folder.with_extension("away")).expect("it can be moved");
                // The disk is not mounted: something else stands there.
                fs::write(&*folder, "not a folder").expect("a file can be written");
            }
            Self::Bucket(server) => server.kill().await,
        }
    }

    async fn bring_back(&mut self) {
        match self {
            Self::Folder(folder) => {
                fs::remove_file(&*folder).expect("it is there");
                fs::rename(folder.with_extension("away"), &*folder).expect("it can be moved");
            }
            Self::Bucket(server) => server.revive().await,
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Self::Folder(folder) = self {
            let _ = fs::remove_dir_all(folder);
        }
    }
}

/// Each behaviour in both stores.
macro_rules! in_both {
    ($($behaviour:ident),+ $(,)?) => {
        mod folder {
            use super::Place;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $behaviour() { super::$behaviour(Place::folder()).await; })+
        }

        mod s3 {
            use super::Place;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $behaviour() { super::$behaviour(Place::bucket().await).await; })+
        }
    };
}

in_both! {
    pictures_are_kept_with_their_type_and_swept_when_nothing_shows_them,
    while_the_store_is_away_pages_load_uploads_say_so_and_nothing_is_half_made,
}

const UPLOAD: &str = "/account/profile/picture";
const AWAY: [&str; 2] = [
    "지금은 사진을 저장할 수 없어요. 잠시 뒤에 다시 올려 주세요.",
    "Pictures cannot be stored at the moment. Please upload it again shortly.",
];

/// The address of the narrowest width that the person's page shows.
async fn shown(app: &TestApp, kim: &Person) -> Option<String> {
    let page = app.page(&format!("/people/{}", kim.handle)).await;
    assert_eq!(page.status, 200);
    page.between("src=\"/files/", "\"").map(|rest| format!("/files/{rest}"))
}

async fn pictures_are_kept_with_their_type_and_swept_when_nothing_shows_them(place: Place) {
    let app = place.app().await;
    let mut kim = app.member("김창작").await;
    let project = kim.drafts(&app, &Plan::with_goal(1000)).await;
    kim.get(&project.studio("")).await;
    let cover = kim.upload(&project.studio("/cover"), "picture", &png(1700, 300)).await;
    let cover = format!(
        "/files/{}/1600.webp",
        cover.between("src=\"/files/", "/480.webp").expect("the cover is shown")
    );
    kim.get("/account/profile").await;
    let mut portraits = Vec::new();
    for _ in 0..2 {
        assert_eq!(kim.upload(UPLOAD, "picture", &png(500, 700)).await.status, 200);
        portraits.push(shown(&app, &kim).await.expect("it is shown"));
    }
    let (db, files) = (&app.state.db, &app.state.files);
    // An upload that has files and, as yet, no rows.
    let orphan = pictures::prepare(png(60, 60).into(), pictures::Shape::Square).await.expect("a picture");
    let orphan = pictures::put(files, orphan).await.expect("the store answers");

    for address in [&cover, &portraits[1]] {
        let file = app.page(address).await;
        assert_eq!((file.status, file.header("content-type")), (200, "image/webp"));
        assert!(file.bytes.starts_with(b"RIFF"));
    }
    assert_eq!(app.page(&portraits[0]).await.status, 404, "it was replaced");
    pictures::sweep(db, files, TimeDelta::hours(1)).await.expect("the store answers");
    assert_eq!(place.kept().await.len(), 3 + 3 + 3 + 1, "uploads may be under way");
    pictures::sweep(db, files, TimeDelta::minutes(-1)).await.expect("the store answers");
    let kept = place.kept().await;
    assert_eq!(kept.len(), 3 + 3);
    assert!(!kept.iter().any(|name| name.contains(&orphan.id.to_string())));
    for address in [&cover, &portraits[1]] {
        assert_eq!(app.page(address).await.status, 200);
    }
    app.finish().await;
}

async fn while_the_store_is_away_pages_load_uploads_say_so_and_nothing_is_half_made(mut place: Place) {
    let app = place.app().await;
    let mut kim = app.member("김창작").await;
    kim.get("/account/profile").await;
    kim.upload(UPLOAD, "picture", &png(500, 500)).await;
    let before = shown(&app, &kim).await.expect("it is shown");
    let bytes = app.page(&before).await.bytes;

    place.take_away().await;
    let still = shown(&app, &kim).await;
    let picture = app.page(&before).await;
    let ready = app.page("/readyz").await;
    let mut refused = Vec::new();
    for (page, action) in
        [("/account/profile", UPLOAD), ("/en/account/profile", "/en/account/profile/picture")]
    {
        kim.get(page).await;
        refused.push(kim.upload(action, "picture", &png(400, 400)).await);
    }
    let rows = app.count("select count(*) from pictures").await;
    let swept = pictures::sweep(&app.state.db, &app.state.files, TimeDelta::minutes(-1)).await;
    place.bring_back().await;

    assert_eq!(still.as_ref(), Some(&before), "the page still loads");
    assert!(matches!(picture.status, 404 | 503), "{}", picture.status);
    assert!(picture.bytes.len() < 100 && picture.header("cache-control") == "no-store", "{}", picture.text);
    assert_eq!(ready.status, 200, "all else can be served");
    for (page, sentence) in refused.iter().zip(AWAY) {
        assert_eq!((page.status, page.alerts()), (503, vec![sentence.to_owned()]), "{}", page.address);
        assert!(page.has(&before), "the picture before is still theirs");
    }
    assert_eq!(rows, 1);
    assert!(
        swept.is_err() || matches!(place, Place::Folder(_)),
        "what cannot be listed is not taken for empty"
    );
    assert_eq!(app.page(&before).await.bytes, bytes, "it is back, and so is what was in it");
    kim.get("/account/profile").await;
    assert_eq!(kim.upload(UPLOAD, "picture", &png(400, 400)).await.status, 200);
    assert_ne!(shown(&app, &kim).await, Some(before));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_never_answers_holds_up_nothing_but_its_own_pictures() {
    let silent = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let endpoint = format!("http://{}", silent.local_addr().unwrap());
    // Connections are taken and nothing is said.
    let holding = tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((connection, _)) = silent.accept().await {
            held.push(connection);
        }
    });
    let storage = Storage::Bucket(Bucket {
        name: "dure".to_owned(),
        prefix: String::new(),
        endpoint: Some(endpoint),
        region: "us-east-1".to_owned(),
        key: "dure-key".to_owned(),
        secret: "hush-hush".to_owned(),
    });
    let app = TestApp::start_with(|config| config.files = storage).await;
    assert!(!format!("{:?}", app.state).contains("hush-hush"), "what is logged holds no secret");
    let kim = app.member("김창작").await;
    let picture = kernel::PictureId::new();
    let rows = format!(
        "insert into pictures values ('{picture}', '{}', 9, 9, '#000000', now());
         insert into picture_files values ('{picture}', 96, 9, 'pictures/x.webp', 'image/webp', 9);",
        kim.id
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(rows)).execute(&app.state.db.pool).await.unwrap();
    let address = format!("/files/{picture}/96.webp");

    // More readers than the pool has connections.
    let reading: Vec<_> = (0..40)
        .map(|_| {
            let (mut reader, address) = (app.visitor(), address.clone());
            tokio::spawn(async move { reader.get(&address).await.status })
        })
        .collect();
    let page = app.visitor().get(&format!("/people/{}", kim.handle)).await;
    let waiting = reading.iter().filter(|reader| !reader.is_finished()).count();
    let prepared = pictures::prepare(png(50, 50).into(), pictures::Shape::Square).await.unwrap();
    let put = pictures::put(&app.state.files, prepared).await;

    assert_eq!((page.status, waiting), (200, 40), "the page came first");
    for reader in reading {
        assert_eq!(reader.await.unwrap(), 503);
    }
    assert_eq!(put.unwrap_err(), PictureError::NotStored);
    holding.abort();
    app.finish().await;
}
