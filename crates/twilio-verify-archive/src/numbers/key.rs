//! The key with which numbers are hashed.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use data_encoding::HEXLOWER_PERMISSIVE;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretSlice};
use sha2::Sha256;

/// The fewest bytes of a key.
const SHORTEST: usize = 16;

/// The key of the hashes that stand for numbers in an archive.
///
/// With it, the number of a hash can be found by trying all numbers. Without it, hashes only show
/// whether two attempts went to the same number. Keep it apart from the archive. `Debug` shows only
/// its [id](Self::id).
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("archive.key");
/// use twilio_verify_archive::Key;
///
/// let key = Key::generate(&path)?; // 64 hexadecimal digits, in a new file that others can't read
/// assert_eq!(Key::from_file(&path)?.id(), key.id());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Key(Arc<SecretSlice<u8>>);

/// The id of a key: 8 hexadecimal digits that don't reveal it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyId([u8; 4]);

/// The reason why a key can't be read or created.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The text is not a key.
    #[error(
        "a key is at least 32 hexadecimal digits, two for each byte; generate one with \
         `openssl rand -hex 32`"
    )]
    Text,
    /// The key is too short to be safe.
    #[error("the key has {found} bytes; it needs {SHORTEST} at least")]
    Short {
        /// Its length in bytes.
        found: usize,
    },
    /// Other users of the machine can read the file.
    #[error(
        "other users can read the key in {} (its mode is {mode:03o}); run `chmod 600` on it, or use \
         another key if they may have read it",
        path.display()
    )]
    Readable {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// The content of the file is not a key.
    #[error("{} does not hold a key: it needs at least 32 hexadecimal digits and nothing else", path.display())]
    Content {
        /// The file.
        path: PathBuf,
    },
    /// The file can't be read or written.
    #[error("can't {action} the key file {}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
}

impl Key {
    /// Creates a key from at least 16 random bytes.
    ///
    /// # Errors
    ///
    /// [`KeyError::Short`].
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Result<Self, KeyError> {
        let bytes: SecretSlice<u8> = bytes.into().into();
        match bytes.expose_secret().len() {
            found @ ..SHORTEST => Err(KeyError::Short { found }),
            _ => Ok(Self(Arc::new(bytes))),
        }
    }

    /// Reads the key in a file: hexadecimal digits, as [`generate`](Self::generate) writes them.
    ///
    /// # Errors
    ///
    /// [`KeyError::Readable`] on Unix if the file's mode lets anybody but its owner read it,
    /// [`KeyError::Content`], [`KeyError::Io`].
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, KeyError> {
        let path = path.as_ref();
        let fault = |source| KeyError::Io { action: "read", path: path.to_owned(), source };
        let file = File::open(path).map_err(fault)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = file.metadata().map_err(fault)?.permissions().mode() & 0o777;
            if mode & 0o077 != 0 {
                return Err(KeyError::Readable { path: path.to_owned(), mode });
            }
        }
        let mut text = Vec::new();
        // Keys are shorter; a device or a wrong file may be endless.
        file.take(4096).read_to_end(&mut text).map_err(fault)?;
        let text: SecretSlice<u8> = text.into();
        let text = std::str::from_utf8(text.expose_secret()).ok();
        text.and_then(|text| text.parse().ok())
            .ok_or_else(|| KeyError::Content { path: path.to_owned() })
    }

    /// Creates a random key of 32 bytes, in a new file of mode 600.
    ///
    /// # Errors
    ///
    /// [`KeyError::Io`], also if the file exists already.
    pub fn generate(path: impl AsRef<Path>) -> Result<Self, KeyError> {
        let path = path.as_ref();
        let fault = |source| KeyError::Io { action: "create", path: path.to_owned(), source };
        let mut bytes = vec![0; 32];
        getrandom::fill(&mut bytes).map_err(|error| fault(io::Error::other(error)))?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let mut file = options.open(path).map_err(fault)?;
        let mut text = HEXLOWER_PERMISSIVE.encode(&bytes);
        text.push('\n');
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(fault)?;
        let _: SecretSlice<u8> = text.into_bytes().into();
        Self::from_bytes(bytes)
    }

    /// Returns the id of the key.
    pub fn id(&self) -> KeyId {
        let hash = self.code(b"twilio-verify-archive: the id of a key");
        KeyId([hash[0], hash[1], hash[2], hash[3]])
    }

    /// Returns the hash of a number or an address: the first half of its HMAC-SHA-256, as 32
    /// hexadecimal digits.
    pub(crate) fn hash(&self, text: &str) -> String {
        HEXLOWER_PERMISSIVE.encode(&self.code(text.as_bytes())[..16])
    }

    fn code(&self, message: &[u8]) -> [u8; 32] {
        match Hmac::<Sha256>::new_from_slice(self.0.expose_secret()) {
            Ok(code) => code.chain_update(message).finalize().into_bytes().into(),
            // HMAC takes keys of any length.
            Err(_) => [0; 32],
        }
    }
}

/// Parses at least 32 hexadecimal digits.
impl FromStr for Key {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes =
            HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).map_err(|_| KeyError::Text)?;
        Self::from_bytes(bytes).map_err(|_| KeyError::Text)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.id())
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER_PERMISSIVE.encode(&self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for KeyId {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = HEXLOWER_PERMISSIVE.decode(text.as_bytes()).map_err(|_| KeyError::Text)?;
        bytes.try_into().map(Self).map_err(|_| KeyError::Text)
    }
}
