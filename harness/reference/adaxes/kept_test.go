package adaxes

import "example.org/conform/harness/reference/kernel"

// Kept counts what the server keeps of sessions and tickets, live or not.
func (s *Server) Kept() (sessions, tickets int) { return s.sessions.Size(), s.tickets.Size() }

// Service is the Adm-Service value by which the balancer knows instance i.
func (s *Server) Service(i int) string { return s.services[i] }

// MaxStrangers bounds the names without an account that are remembered.
const MaxStrangers = kernel.MaxStrangers
