package validate

// Studies lists all, the cheapest and most exact first.
func Studies() []Study {
	return []Study{optimisticSlot, minimumTime, missingPiece, fluidModel, utilisation, steadyState, seedFairness, clustering}
}
