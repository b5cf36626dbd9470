package player

import (
	"example.org/conform/harness/fault"
	"example.org/conform/harness/player"
	"example.org/conform/harness/reference"
	"example.org/conform/openapi"
)

// Faults lists the faults that a player of a contract can have.
func Faults(contract *openapi.Document) []fault.Named {
	return Catalogue(contract).NamedFaults(contract.Profile())
}

// Make is what makes a player of a contract, with the fault that the options name (reference.Options).
func Make(contract *openapi.Document) func(reference.Options) (reference.System, error) {
	return func(o reference.Options) (reference.System, error) {
		config := player.Config{Config: o.Common(), Contract: contract}
		if k := o.Kerberos; k != (reference.Kerberos{}) {
			if err := config.LoadKerberos(k.Keytab, k.Realm); err != nil {
				return nil, err
			}
		}
		if err := Catalogue(contract).Apply(&config, contract.Profile(), o.Fault, o.Variant); err != nil {
			return nil, err
		}
		return player.New(config)
	}
}
