using System.Net;

namespace VSan.UnitAgent.Link;

/// <summary>Where Kestrel "listens": the far end of the link.</summary>
internal sealed class StationEndPoint : EndPoint
{
    /// <inheritdoc/>
    public override string ToString() => "station-link";
}
