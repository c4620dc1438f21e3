using System.Globalization;
using VSan.Contracts.Api;

namespace VSan.HostAgent.Station;

/// <summary>Where the secrets of a host stand, as one text without a secret in it: another one means that connect-info tells something new.</summary>
internal static class SecretStand
{
    /// <summary>Writes it.</summary>
    public static string Of(HostSecrets secrets) => string.Join(' ', secrets.Units.OrderBy(unit => unit.UnitId)
        .Select(unit => string.Create(CultureInfo.InvariantCulture, $"{unit.UnitId:N}:{unit.MadeAt.ToUnixTimeMilliseconds()}:{unit.AcceptedAt?.ToUnixTimeMilliseconds()}")));
}
