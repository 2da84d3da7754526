package diagnose

import "postroom/session/credential"

// memoryOnly is what an error says about itself that tells why sign-ins last only as
// long as the program.
type memoryOnly interface {
	error
	MemoryOnly() error
}

// brokenCache is what an error says about itself that tells of kept sign-ins that
// cannot be read any more: their file.
type brokenCache interface {
	error
	BrokenCache() (path string)
}

// signInsLeft is what an error says about itself when a sign-out could not remove all:
// the file.
type signInsLeft interface {
	error
	SignInsLeft() (path string)
}

// certificateFault is what an error says about itself that is about the certificate of
// an application: missing, form, key, encrypted or passphrase.
type certificateFault interface {
	error
	CertificateFault() (fault string)
}

// badAuthority is what an error says about itself when an authority answered what
// cannot be used, or led to a foreign host: its host.
type badAuthority interface {
	error
	BadAuthority() (host string)
}

func certificate(faults string) condition {
	return as(func(e certificateFault) bool { return e.CertificateFault() == faults })
}

// keptRules are about sign-ins that are kept, and what applications prove themselves
// with. They stand before those of the keyring, whose errors may be within.
func keptRules() []rule {
	return []rule{
		{"sign-ins-left", Local, as[signInsLeft](nil)},
		{"sign-ins-broken", Local, as[brokenCache](nil)},
		{"sign-ins-locked", Local, allOf(as[memoryOnly](nil), oneOf(is(credential.ErrLocked), is(credential.ErrDismissed)))},
		{"sign-ins-no-keyring", Local, allOf(as[memoryOnly](nil), is(credential.ErrUnavailable))},
		{"sign-ins-in-memory", Local, as[memoryOnly](nil)},
		{"app-certificate-missing", Usage, certificate("missing")},
		{"app-certificate-form", Usage, certificate("form")},
		{"app-certificate-key", Usage, certificate("key")},
		{"app-certificate-encrypted", Usage, certificate("encrypted")},
		{"app-certificate-passphrase", Connect, certificate("passphrase")},
		{"bad-authority", Connect, as[badAuthority](nil)},
	}
}
