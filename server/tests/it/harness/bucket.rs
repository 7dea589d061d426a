//! A real S3 service beside the test: SeaweedFS in a process of its own. `bin/setup test` installs it.

use object_store::{
    ObjectStoreExt, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder},
};
use server::storage::{Bucket, Storage};
use std::{
    env, fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use tokio::process::{Child, Command};
use uuid::Uuid;

const KEY: &str = "dure-key";
const SECRET: &str = "hush/secret+1";
/// What it listens on; the first is what the site talks to.
const PORTS: [&str; 8] = [
    "s3.port",
    "s3.port.grpc",
    "master.port",
    "master.port.grpc",
    "volume.port",
    "volume.port.grpc",
    "filer.port",
    "filer.port.grpc",
];

pub struct BucketServer {
    // Ended with this value.
    process: Child,
    folder: PathBuf,
    ports: Vec<u16>,
}

impl BucketServer {
    pub async fn start() -> Self {
        server::storage::choose_ring();
        let folder = env::temp_dir().join(format!("dure-s3-{}", Uuid::new_v4()));
        fs::create_dir(&folder).expect("a folder can be made");
        let keys = serde_json::json!({ "identities": [{
            "name": "dure",
            "credentials": [{ "accessKey": KEY, "secretKey": SECRET }],
            "actions": ["Admin", "Read", "Write", "List"],
        }] });
        fs::write(folder.join("keys.json"), keys.to_string()).expect("a file can be written");
        // All at once, so that they differ.
        let free: Vec<_> =
            PORTS.iter().map(|_| TcpListener::bind(("127.0.0.1", 0)).expect("a free port")).collect();
        let ports: Vec<_> = free.iter().map(|port| port.local_addr().expect("it is open").port()).collect();
        drop(free);
        let server = Self { process: spawned(&folder, &ports), folder, ports };
        server.ready().await;
        server
    }

    /// How the site is told of it.
    pub fn storage(&self) -> Storage {
        Storage::Bucket(Bucket {
            name: "dure".to_owned(),
            prefix: "site/files".to_owned(),
            endpoint: Some(format!("http://127.0.0.1:{}", self.ports[0])),
            region: "us-east-1".to_owned(),
            key: KEY.to_owned(),
            secret: SECRET.to_owned(),
        })
    }

    /// The same bucket from behind, without a prefix.
    pub fn store(&self) -> AmazonS3 {
        let retry = RetryConfig { max_retries: 0, ..RetryConfig::default() };
        AmazonS3Builder::new()
            .with_bucket_name("dure")
            .with_endpoint(format!("http://127.0.0.1:{}", self.ports[0]))
            .with_allow_http(true)
            .with_access_key_id(KEY)
            .with_secret_access_key(SECRET)
            .with_retry(retry)
            .build()
            .expect("its address is right")
    }

    /// Ends it as a failing machine would. It would take minutes to stop by itself.
    pub async fn kill(&mut self) {
        self.process.kill().await.expect("it ran");
    }

    /// Starts it again where it was, with what it held.
    pub async fn revive(&mut self) {
        self.process = spawned(&self.folder, &self.ports);
        self.ready().await;
    }

    /// Until it takes a file: some seconds after it has opened its port.
    async fn ready(&self) {
        let store = self.store();
        for _ in 0..300 {
            if store.put(&"probe".into(), "x".into()).await.is_ok() {
                store.delete(&"probe".into()).await.expect("it is there");
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("SeaweedFS does not take files: {}", self.folder.join("log").display());
    }
}

impl Drop for BucketServer {
    fn drop(&mut self) {
        // What is left behind in the temporary folder disturbs nobody.
        let _ = self.process.start_kill();
        let _ = fs::remove_dir_all(&self.folder);
        for (name, port) in PORTS.iter().zip(&self.ports) {
            let socket = name.replace(".port", "").replace('.', "-");
            let _ = fs::remove_file(format!("/tmp/seaweedfs-{socket}-{port}.sock"));
        }
    }
}

fn spawned(folder: &Path, ports: &[u16]) -> Child {
    let log = fs::File::create(folder.join("log")).expect("a file can be written");
    Command::new(program())
        .args(["server", "-s3", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"])
        .args(["-s3.port.iceberg=0", "-s3.port.lance=0", "-volume.max=5", "-master.volumeSizeLimitMB=64"])
        .arg(format!("-dir={}", folder.display()))
        .arg(format!("-s3.config={}", folder.join("keys.json").display()))
        .args(PORTS.iter().zip(ports).map(|(name, port)| format!("-{name}={port}")))
        .stdout(Stdio::null())
        .stderr(log)
        .kill_on_drop(true)
        .spawn()
        .expect("SeaweedFS runs: `bin/setup test` installs it")
}

fn program() -> PathBuf {
    let cache = env::var_os("DURE_CACHE").map(PathBuf::from);
    let cache = cache.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cache/dure")));
    cache.unwrap_or_default().join("seaweedfs/bin/weed")
}
