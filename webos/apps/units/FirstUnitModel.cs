using Microsoft.AspNetCore.Http;
using VSan.Station.Execution;

namespace VSan.WebOs.Apps.Units;

/// <summary>What a machine is started with to become the first unit.</summary>
/// <param name="StationAddress">Where it finds this station: the address by which the person came.</param>
/// <param name="CaFingerprint">What it checks the station by.</param>
public sealed record FirstUnitModel(string StationAddress, string CaFingerprint)
{
    /// <summary>For the person who asks in <paramref name="context"/>.</summary>
    public static FirstUnitModel Of(HttpContext context, StationServices services)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(services);
        return new($"https://{context.Request.Host}", services.Tokens.Fingerprint.ToString());
    }
}
