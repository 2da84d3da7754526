package diagnose

import "postroom/session/credential"

// MemoryOnly is what an error says about itself that tells why sign-ins last only as
// long as the program.
type MemoryOnly interface {
	error
	MemoryOnly() error
}

// BrokenCache is what an error says about itself that tells of kept sign-ins that
// cannot be read any more: their file.
type BrokenCache interface {
	error
	BrokenCache() (path string)
}

// SignInsLeft is what an error says about itself when a sign-out could not remove all:
// the file.
type SignInsLeft interface {
	error
	SignInsLeft() (path string)
}

// CertificateFault is what an error says about itself that is about the certificate of
// an application: missing, form, key, encrypted or passphrase.
type CertificateFault interface {
	error
	CertificateFault() (fault string)
}

// BadAuthority is what an error says about itself when an authority answered what
// cannot be used, or led to a foreign host: its host.
type BadAuthority interface {
	error
	BadAuthority() (host string)
}

func certificate(faults string) condition {
	return as(func(e CertificateFault) bool { return e.CertificateFault() == faults })
}

// keptRules are about sign-ins that are kept, and what applications prove themselves
// with. They stand before those of the keyring, whose errors may be within.
func keptRules() []rule {
	return []rule{
		{"sign-ins-left", Local, as[SignInsLeft](nil)},
		{"sign-ins-broken", Local, as[BrokenCache](nil)},
		{"sign-ins-locked", Local, allOf(as[MemoryOnly](nil), oneOf(is(credential.ErrLocked), is(credential.ErrDismissed)))},
		{"sign-ins-no-keyring", Local, allOf(as[MemoryOnly](nil), is(credential.ErrUnavailable))},
		{"sign-ins-in-memory", Local, as[MemoryOnly](nil)},
		{"app-certificate-missing", Usage, certificate("missing")},
		{"app-certificate-form", Usage, certificate("form")},
		{"app-certificate-key", Usage, certificate("key")},
		{"app-certificate-encrypted", Usage, certificate("encrypted")},
		{"app-certificate-passphrase", Connect, certificate("passphrase")},
		{"bad-authority", Connect, as[BadAuthority](nil)},
	}
}
