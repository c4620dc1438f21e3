namespace VSan.UnitAgent.Discovery;

/// <summary>One place of this machine where something may be said of the station.</summary>
internal interface IStationSource
{
    /// <summary>What it says now; <see cref="StationHint.None"/> when it says nothing, or is not there.</summary>
    /// <exception cref="UnitFailure">It says something that cannot be read, and a person of this site wrote it.</exception>
    StationHint Read();
}
