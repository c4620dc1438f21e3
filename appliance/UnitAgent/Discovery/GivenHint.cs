namespace VSan.UnitAgent.Discovery;

/// <summary>What the agent's own command line says.</summary>
internal sealed class GivenHint(StationHint hint) : IStationSource
{
    /// <inheritdoc/>
    public StationHint Read() => hint;
}
