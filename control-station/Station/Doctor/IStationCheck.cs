using VSan.Contracts.Api;
using VSan.Station.State;

namespace VSan.Station.Doctor;

/// <summary>One thing that the doctor looks at.</summary>
internal interface IStationCheck
{
    /// <summary>Stable name.</summary>
    string Name { get; }

    /// <summary>What is said when nothing is wrong.</summary>
    string Praise { get; }

    /// <summary>What is wrong; nothing when all is well.</summary>
    IEnumerable<Finding> Examine(StateDirectory state, DateTimeOffset now);
}
