// Package container runs the reference servers, and a real nginx in front of them, in containers of the engine at hand,
// so that the suite is proved across a network, under TLS and behind a balancer that is not its own.
//
// Images are built FROM scratch out of a root that is laid out here: no registry is asked for anything. Whatever an
// Engine makes carries its label and is gone after Close; published ports are on the loopback address alone. This is
// the only package that knows testcontainers: the command does not link it.
package container
