using VSan.Contracts.Enrolment;
using VSan.UnitAgent.Enrolment;

namespace VSan.UnitAgent.Discovery;

/// <summary>
/// Finds the station: what the sources say, in their order, and then DNS-SD. The sources are read anew at each try, as a network comes up late.
/// <code>
///   address known ─────────────────────────────► it         candidates by DNS-SD, CA pinned ──► the first one of that CA
///   one candidate, no CA pinned ──► its own CA, provisionally: the short code, which covers it, is what a person compares
///   several candidates, no CA pinned ──► nobody: a person must pin one
/// </code>
/// </summary>
internal sealed class StationFinder(IReadOnlyList<IStationSource> sources, StationBrowser browser, TimeProvider time, ILogger<StationFinder> log)
{
    /// <summary>Looks for as long as it takes.</summary>
    /// <exception cref="UnitFailure">A token is given and no CA: it would be proved to anyone.</exception>
    public async Task<StationTrust> FindAsync(CancellationToken cancellationToken)
    {
        for (BackOff backOff = new(); ; await Task.Delay(backOff.Next(), time, cancellationToken))
        {
            StationHint hint = sources.Read();
            if (hint is { Token: not null, Authority: null })
                throw new UnitFailure(ExitCode.Usage, "A token needs the CA fingerprint of its station: give --ca-fingerprint, vsan.ca=, or ca in the configuration file.");
            IReadOnlyList<Uri> candidates = hint.Address is { } address ? [address] : await browser.BrowseAsync(cancellationToken);
            if (hint is { Address: { } known, Authority: { } pinned }) return new StationTrust(known, pinned, hint.Token);
            if (await ChooseAsync(hint, candidates, cancellationToken) is { } station) return station;
        }
    }

    private async Task<StationTrust?> ChooseAsync(StationHint hint, IReadOnlyList<Uri> candidates, CancellationToken cancellationToken)
    {
        Dictionary<Uri, CaFingerprint> offered = [];
        foreach (Uri candidate in candidates)
        {
            if (await EnrolmentClient.OfferedAuthorityAsync(candidate, cancellationToken) is { } authority) offered.Add(candidate, authority);
        }

        if (hint.Authority is { } pinned)
        {
            if (offered.FirstOrDefault(station => station.Value == pinned) is { Key: { } trusted }) return new StationTrust(trusted, pinned, hint.Token);
            log.LogWarning("None of {Count} candidates is the station whose CA is {Authority}; looking again.", candidates.Count, pinned);
            return null;
        }

        if (offered.Values.Distinct().ToArray() is [var only])
        {
            Uri station = offered.First().Key;
            log.LogWarning("No CA is pinned: {Station} offers {Authority}, and a person is to compare the short code there.", station, only);
            return new StationTrust(station, only);
        }

        log.LogWarning("{Count} stations offer different CAs and none is pinned: give one with --ca-fingerprint or vsan.ca=.", offered.Count);
        return null;
    }
}
