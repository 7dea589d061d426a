//! Clusters against the installed PostgreSQL, as root or as an ordinary user.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::{env, fs, io::Read, process};

use cluster::{Cluster, ClusterError, Options};

use crate::support::{
    Program, TestFolder, alive, has_setpriv, kill, open_to_all, options, postmaster_of, psql, start,
    wait_until, we_are_root, which,
};

#[test]
fn a_fresh_cluster_answers_and_has_no_tcp_port() {
    let folder = TestFolder::new("fresh");

    let cluster = start(folder.path());

    assert_eq!(psql(&cluster, "select 1"), "1");
    assert_eq!(psql(&cluster, "show listen_addresses"), "");
    assert_eq!(psql(&cluster, "select current_user || current_database()"), "duredure");
    assert_eq!(psql(&cluster, "show server_encoding"), "UTF8");
    assert_eq!(psql(&cluster, "show fsync"), "off");
    assert_eq!(psql(&cluster, "show timezone"), "UTC");
    let socket_folder = fs::metadata(folder.path().join("socket")).unwrap();
    assert_eq!(socket_folder.permissions().mode() & 0o777, 0o700);
}

#[test]
fn a_durable_cluster_waits_for_the_disk() {
    let folder = TestFolder::new("durable");

    let cluster = Cluster::start(&Options { durable: true, ..options(folder.path()) }).unwrap();

    let settings = ["fsync", "synchronous_commit", "full_page_writes"];
    for setting in settings {
        assert_eq!(psql(&cluster, &format!("show {setting}")), "on");
    }
    assert_eq!(psql(&cluster, "show max_connections"), "20");
}

#[test]
fn a_second_start_on_one_folder_is_refused() {
    let folder = TestFolder::new("busy");
    let mut cluster = start(folder.path());

    let second = Cluster::start(&options(folder.path()));
    cluster.stop();
    cluster.stop();
    let third = Cluster::start(&options(folder.path()));

    assert!(matches!(second, Err(ClusterError::Busy(pid)) if pid == process::id()));
    assert!(third.is_ok());
}

#[test]
fn data_outlive_a_stop() {
    let folder = TestFolder::new("keeps");
    let cluster = start(folder.path());
    psql(&cluster, "create table seen as select 42 as answer");

    drop(cluster);
    let cluster = start(folder.path());

    assert_eq!(psql(&cluster, "select answer from seen"), "42");
}

#[test]
fn committed_data_outlive_a_killed_postmaster() {
    let folder = TestFolder::new("killed");
    let cluster = start(folder.path());
    psql(&cluster, "create table seen as select 42 as answer");
    psql(&cluster, "checkpoint");

    kill(postmaster_of(folder.path()));
    drop(cluster);
    let cluster = start(folder.path());

    assert_eq!(psql(&cluster, "select answer from seen"), "42");
}

#[test]
fn the_postmaster_dies_with_a_killed_program() {
    let folder = TestFolder::new("tethered");
    let mut program = Program::start(folder.path(), None);
    let postmaster = postmaster_of(folder.path());

    program.kill();

    if has_setpriv() {
        wait_until("the postmaster has ended", || !alive(postmaster));
    }
    let cluster = start(folder.path());
    assert_eq!(psql(&cluster, "select 1"), "1");
}

#[test]
fn a_postmaster_which_outlives_the_program_is_replaced() {
    let folder = TestFolder::new("orphan");
    let without_setpriv = folder.path().join("bin");
    fs::create_dir_all(&without_setpriv).unwrap();
    open_to_all(folder.path());
    for program in ["chown", "sh"] {
        symlink(which(program), without_setpriv.join(program)).unwrap();
    }
    let mut program = Program::start(folder.path(), Some(&without_setpriv));
    let orphan = postmaster_of(folder.path());
    program.kill();
    assert!(alive(orphan));

    let cluster = start(folder.path());

    assert!(!alive(orphan));
    assert_eq!(psql(&cluster, "select 1"), "1");
    let notes = cluster.notes();
    assert!(notes.iter().any(|note| note.contains("left by an earlier run")), "{notes:?}");
}

#[test]
fn a_stale_process_id_does_not_prevent_the_start() {
    let folder = TestFolder::new("stale");
    drop(start(folder.path()));
    let file = folder.path().join("pgdata/postmaster.pid");
    fs::write(&file, format!("{}\n/elsewhere\n", process::id())).unwrap();
    let socket_lock = folder.path().join("socket/.s.PGSQL.5432.lock");
    fs::write(&socket_lock, format!("{}\n", process::id())).unwrap();

    let cluster = start(folder.path());

    assert_eq!(psql(&cluster, "select 1"), "1");
}

#[test]
fn an_interrupted_creation_is_begun_anew() {
    let folder = TestFolder::new("interrupted");
    let leftovers = folder.path().join("pgdata.new/base");
    fs::create_dir_all(&leftovers).unwrap();
    fs::write(leftovers.join("1"), "half").unwrap();
    fs::write(folder.path().join("pgdata.new/PG_VERSION"), "1").unwrap();

    let cluster = start(folder.path());

    assert_eq!(psql(&cluster, "select 1"), "1");
    assert!(!folder.path().join("pgdata.new").exists());
}

#[test]
fn a_program_killed_while_creating_leaves_nothing_in_the_way() {
    let folder = TestFolder::new("midway");
    let mut program = Program::spawn(folder.path(), None);
    let begun = folder.path().join("pgdata.new/PG_VERSION");
    wait_until("initdb has begun", || begun.exists());

    program.kill();
    let cluster = start(folder.path());

    assert_eq!(psql(&cluster, "select 1"), "1");
}

#[test]
fn a_folder_with_a_long_and_odd_path_works() {
    let root = TestFolder::new("long");
    let folder = root.path().join("a, \"b\" ".repeat(20)).join("프로젝트");

    let cluster = start(&folder);

    assert_eq!(psql(&cluster, "select 1"), "1");
    let notes = cluster.notes();
    assert!(notes.iter().any(|note| note.contains("too long")), "{notes:?}");
}

#[test]
fn an_odd_path_which_is_short_enough_keeps_its_socket() {
    let root = TestFolder::new("odd");
    let folder = root.path().join("a \"b\" 'c'%");

    let cluster = start(&folder);

    assert_eq!(psql(&cluster, "select 1"), "1");
    assert!(folder.join("socket/.s.PGSQL.5432").exists());
}

#[test]
fn a_folder_below_a_closed_one_works() {
    let root = TestFolder::new("closed");
    fs::create_dir_all(root.path()).unwrap();
    fs::set_permissions(root.path(), fs::Permissions::from_mode(0o700)).unwrap();
    let folder = root.path().join("data/postgres");

    let cluster = start(&folder);
    psql(&cluster, "create table seen as select 42 as answer");
    drop(cluster);
    let location = fs::read_to_string(folder.join("location"));
    let cluster = start(&folder);

    assert_eq!(psql(&cluster, "select answer from seen"), "42");
    assert_eq!(location.is_ok(), we_are_root());
    drop(cluster);
    if let Ok(location) = location {
        assert!(location.starts_with("/var/lib/dure/"));
        fs::remove_dir_all(location.trim()).unwrap();
    }
}

#[test]
fn data_of_another_version_name_the_version_they_need() {
    let folder = TestFolder::new("version");
    let data = folder.path().join("pgdata");
    fs::create_dir_all(&data).unwrap();
    fs::write(data.join("PG_VERSION"), "7\n").unwrap();

    let refused = Cluster::start(&options(folder.path()));

    let error = refused.unwrap_err();
    assert!(matches!(error, ClusterError::WrongVersion { needed: 7, .. }));
    assert!(error.to_string().contains("`postgresql-7`"), "{error}");
}

#[test]
fn a_postmaster_which_ends_early_leaves_its_last_words() {
    let folder = TestFolder::new("early");
    drop(start(folder.path()));
    let settings = folder.path().join("pgdata/postgresql.conf");
    fs::write(settings, "no_such_setting = 1\n").unwrap();

    let refused = Cluster::start(&options(folder.path()));

    let error = refused.unwrap_err();
    assert!(error.to_string().contains("no_such_setting"), "{error}");
}

#[test]
fn a_large_log_is_put_aside() {
    let folder = TestFolder::new("log");
    fs::create_dir_all(folder.path()).unwrap();
    fs::write(folder.path().join("postgres.log"), vec![b'\n'; 11 << 20]).unwrap();

    let cluster = start(folder.path());

    drop(cluster);
    let log = |name| fs::metadata(folder.path().join(name)).unwrap().len();
    assert_eq!(log("postgres.log.1"), 11 << 20);
    assert!(log("postgres.log") < 1 << 20);
}

/// Not a test: the program which the tests above start and kill.
#[test]
fn program() {
    let Some(folder) = env::var_os("DURE_TEST_PROGRAM") else {
        return;
    };
    let cluster = start(Path::new(&folder));
    fs::write(Path::new(&folder).join("started"), "").unwrap();
    let _ = std::io::stdin().read(&mut [0]);
    drop(cluster);
}
