package simulator

import "net/http"

type classes struct{ all []*class }

func newClasses() *classes { return &classes{} }

type shells struct{}

func newShells(s *Server) *shells { return &shells{} }
func (s *shells) close()          {}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {}
