namespace VSan.UnitAgent.Discovery;

/// <summary>
/// Credentials of systemd (systemd.exec(5), ImportCredential=): <c>vsan.station</c>, <c>vsan.ca</c> and <c>vsan.token</c>. A virtual machine gets them
/// from its host by SMBIOS or fw_cfg, a physical one from files beside the image.
/// </summary>
/// <param name="folder">Where systemd puts this service's credentials; null where it has none.</param>
internal sealed class SystemCredentials(string? folder) : IStationSource
{
    private static readonly string[] Keys = ["station", "ca", "token"];

    /// <summary>Those of this process.</summary>
    public static SystemCredentials OfThisService => new(Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY"));

    /// <inheritdoc/>
    public StationHint Read() => folder is null
        ? StationHint.None
        : StationHints.Of(Keys.Where(key => File.Exists(PathOf(key))).Select(key => $"{key}={StationHints.Text(PathOf(key)).Trim()}"), folder);

    private string PathOf(string key) => Path.Combine(folder!, $"vsan.{key}");
}
