package diagnose_test

// The stand-ins say what the errors of kept sign-ins and of certificates say about
// themselves; session/signin tests its own errors against the rules.
type (
	memoryOnly       struct{ error }
	brokenCache      struct{ error }
	signInsLeft      struct{ error }
	certificateFault string
	badAuthority     struct{}
)

func (e memoryOnly) Unwrap() error     { return e.error }
func (e memoryOnly) MemoryOnly() error { return e.error }

func (e brokenCache) Unwrap() error     { return e.error }
func (brokenCache) BrokenCache() string { return "/state/x.sealed" }

func (e signInsLeft) Unwrap() error     { return e.error }
func (signInsLeft) SignInsLeft() string { return "/state/x.sealed" }

func (e certificateFault) Error() string            { return "sign in: certificate: " + string(e) }
func (e certificateFault) CertificateFault() string { return string(e) }

func (badAuthority) Error() string        { return "sign in: the answer of login.example cannot be read" }
func (badAuthority) BadAuthority() string { return "login.example" }
