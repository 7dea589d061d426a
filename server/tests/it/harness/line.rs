//! The line to the database, which a test can cut and mend.

use sqlx::postgres::PgConnectOptions;
use std::{io, path::PathBuf, sync::Arc};
use tokio::{
    io::{AsyncRead, AsyncWrite, copy_bidirectional},
    net::{TcpListener, TcpStream, UnixStream},
    sync::watch,
    task::JoinHandle,
};
use url::Url;

#[derive(Clone, Debug)]
enum Server {
    Socket(PathBuf),
    Port(String, u16),
}

/// Stands between the app and its database.
#[derive(Debug)]
pub struct Line {
    server: Server,
    port: u16,
    cut: Arc<watch::Sender<bool>>,
    listening: Option<JoinHandle<()>>,
}

impl Line {
    /// A line to the server of `url`, and the address of the same database over it.
    pub async fn to(url: &str) -> (Self, String) {
        let options: PgConnectOptions = url.parse().expect("an address of a database");
        let server = match options.get_socket() {
            Some(folder) => Server::Socket(folder.join(format!(".s.PGSQL.{}", options.get_port()))),
            None => Server::Port(options.get_host().to_owned(), options.get_port()),
        };
        let mut line = Self { server, port: 0, cut: Arc::new(watch::Sender::new(false)), listening: None };
        line.mend().await;
        let mut over: Url = url.parse().expect("an address");
        over.set_host(Some("127.0.0.1")).expect("a host");
        over.set_port(Some(line.port)).expect("a port");
        (line, over.into())
    }

    /// Ends all connections and refuses new ones.
    pub async fn cut(&mut self) {
        if let Some(listening) = self.listening.take() {
            listening.abort();
            // Only an ended task has closed its port.
            let _ = listening.await;
        }
        self.cut.send_replace(true);
    }

    pub async fn mend(&mut self) {
        self.cut.send_replace(false);
        let listener = TcpListener::bind(("127.0.0.1", self.port)).await.expect("the port is free");
        self.port = listener.local_addr().expect("the port is open").port();
        let (server, cut) = (self.server.clone(), self.cut.clone());
        self.listening = Some(tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(carry(client, server.clone(), cut.subscribe()));
            }
        }));
    }
}

async fn carry(client: TcpStream, server: Server, cut: watch::Receiver<bool>) -> io::Result<()> {
    match server {
        Server::Socket(path) => join(client, UnixStream::connect(path).await?, cut).await,
        Server::Port(host, port) => join(client, TcpStream::connect((host, port)).await?, cut).await,
    }
}

async fn join<S: AsyncRead + AsyncWrite + Unpin>(
    mut client: TcpStream,
    mut server: S,
    mut cut: watch::Receiver<bool>,
) -> io::Result<()> {
    tokio::select! {
        carried = copy_bidirectional(&mut client, &mut server) => carried.map(|_| ()),
        _ = cut.wait_for(|cut| *cut) => Ok(()),
    }
}
