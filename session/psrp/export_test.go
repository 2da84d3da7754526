package psrp

import "crypto/rsa"

// UseKeyPair makes a pool take part in a recorded key exchange.
func (p *Pool) UseKeyPair(k *rsa.PrivateKey) { p.own = k }

// UseSessionKey makes a server decrypt what a recorded client encrypted.
func (s *Server) UseSessionKey(key []byte) error {
	c, err := newSessionCipher(key)
	s.key, s.cipher = key, c
	return err
}
