using VSan.Contracts.UnitLink;

namespace VSan.Station.Execution;

/// <summary>Which units are within reach; in memory only.</summary>
public sealed class UnitPresence
{
    internal UnitPresence()
    {
    }

    /// <summary>The unit's connection stands.</summary>
    public void OnConnected(Guid unitId) => throw new NotImplementedException();

    /// <summary>The unit's connection ended.</summary>
    public void OnDisconnected(Guid unitId) => throw new NotImplementedException();

    /// <summary>A report arrived.</summary>
    public void OnReport(UnitReport report) => throw new NotImplementedException();

    /// <summary>True while automation is frozen: so many units vanished at once that the station itself is probably cut off.</summary>
    public bool Frozen => throw new NotImplementedException();
}
