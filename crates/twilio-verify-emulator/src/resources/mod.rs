pub(crate) mod verifications;
