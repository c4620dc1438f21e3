using System.Diagnostics;
using VSan.Contracts.Api;
using VSan.Contracts.Enrolment;

namespace VSan.Tests.Bench.Joins;

/// <summary>
/// Many units that join one station at once, over real TLS on loopback: each has its own key, startup packet, certificate, dialled
/// connection and inventory. The station is the product's process; the units' ends share this one.
/// </summary>
internal static class JoinBench
{
    /// <summary>Units that are at work on their packet and handshake at once; the others wait, as a station's backlog would make them.</summary>
    private const int AtOnce = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <summary>Joins <paramref name="unitCount"/> units and waits until all are ready.</summary>
    public static async Task<JoinResult> RunAsync(string stationFile, string folder, int unitCount)
    {
        using BenchStation station = await BenchStation.StartAsync(stationFile, folder);
        TokenCreated token = await station.CreateTokenAsync(unitCount);
        JoiningUnit[] units = [.. Enumerable.Range(1, unitCount).Select(number => JoiningUnit.Create(number))];
        await using UnitServer server = await UnitServer.StartAsync();
        using CancellationTokenSource patience = new(Patience);

        Stopwatch clock = Stopwatch.StartNew();
        Admissions admissions = new(station, EnrolmentToken.TryParse(token.Secret, out EnrolmentToken? parsed) ? parsed : throw new InvalidDataException("The station's token cannot be read."));
        await Parallel.ForEachAsync(
            units,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = patience.Token },
            async (unit, cancellationToken) => server.Serve(unit, await admissions.JoinAsync(unit, cancellationToken)));
        TimeSpan linked = clock.Elapsed;
        while (await station.ReadyUnitsAsync(patience.Token) < unitCount) await Task.Delay(Poll, patience.Token);
        TimeSpan ready = clock.Elapsed;
        return new JoinResult(unitCount, linked.TotalSeconds, ready.TotalSeconds, unitCount / ready.TotalSeconds, station.ResidentMebibytes, station.PeakMebibytes, station.ProcessorSeconds);
    }
}

/// <summary>What was measured.</summary>
/// <param name="Units">How many joined.</param>
/// <param name="LinkedSeconds">From the first packet until the last connection stood.</param>
/// <param name="ReadySeconds">From the first packet until the station counted all as ready.</param>
/// <param name="JoinsPerSecond">Units by <paramref name="ReadySeconds"/>.</param>
/// <param name="StationResidentMebibytes">The station's resident memory at the end, all units linked and reporting.</param>
/// <param name="StationPeakMebibytes">The most that it was.</param>
/// <param name="StationProcessorSeconds">Processor time of the station from its start.</param>
internal sealed record JoinResult(
    int Units,
    double LinkedSeconds,
    double ReadySeconds,
    double JoinsPerSecond,
    double StationResidentMebibytes,
    double StationPeakMebibytes,
    double StationProcessorSeconds)
{
    /// <summary>As a person reads it.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{Units} units: linked in {LinkedSeconds:F1} s, all ready in {ReadySeconds:F1} s, {JoinsPerSecond:F0} joins/s; station {StationResidentMebibytes:F0} MiB resident (peak {StationPeakMebibytes:F0}), {StationProcessorSeconds:F1} s of processor time");
}
