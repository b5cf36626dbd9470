package reference

// implementations are the systems that have a reference server. A new system adds itself here.
func implementations() []implementation {
	return []implementation{adaxesImplementation(), ariaImplementation(), bluecatImplementation(), pyramidImplementation()}
}
