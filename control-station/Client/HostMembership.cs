using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace VSan.Client;

/// <summary>
/// A directory in which a host keeps who it is (docs/formats.md). The key is made here and never leaves it.
/// <code>
///   host.key          the private key, 0600
///   host.crt          the certificate of the last join
///   ca.crt            the pool's CA
///   membership.json   which station, and the member's identity
/// </code>
/// </summary>
/// <param name="path">The directory.</param>
internal sealed class HostMembership(string path)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private string KeyFile => Path.Combine(path, "host.key");

    private string CertificateFile => Path.Combine(path, "host.crt");

    private string AuthorityFile => Path.Combine(path, "ca.crt");

    private string MembershipFile => Path.Combine(path, "membership.json");

    /// <summary>What is known of the membership; null before the first join.</summary>
    public Membership? Read()
    {
        if (!File.Exists(MembershipFile)) return null;
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(MembershipFile), MembershipJson.Default.Membership);
        }
        catch (JsonException damage)
        {
            throw new CommandFailure(ExitCode.Error, $"{MembershipFile} is damaged: {damage.Message}", "Join anew in an empty directory.");
        }
    }

    /// <summary>When the certificate ends; null before the first join.</summary>
    public DateTime? CertificateEnds
    {
        get
        {
            if (!File.Exists(CertificateFile)) return null;
            using X509Certificate2 certificate = X509CertificateLoader.LoadCertificateFromFile(CertificateFile);
            return certificate.NotAfter.ToUniversalTime();
        }
    }

    /// <summary>The key; made when there is none.</summary>
    public ECDsa Key()
    {
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (File.Exists(KeyFile)) key.ImportFromPem(File.ReadAllText(KeyFile));
        else Write(KeyFile, key.ExportPkcs8PrivateKeyPem());
        return key;
    }

    /// <summary>Notes the member's identity, before the station is asked: the same member asks again after a failure.</summary>
    public void Note(Membership membership) => Write(MembershipFile, JsonSerializer.Serialize(membership, MembershipJson.Default.Membership));

    /// <summary>Keeps what the station handed out.</summary>
    public void Keep(string certificate, string authority)
    {
        Write(AuthorityFile, authority);
        Write(CertificateFile, certificate);
    }

    /// <summary>A client of the station that shows the certificate.</summary>
    public ApiClient Connect(bool dryRun)
    {
        if (Read() is not { } membership || !File.Exists(CertificateFile))
            throw new CommandFailure(ExitCode.Denied, $"{path} holds no certificate of a host.", $"Join with 'vsan host join --dir {path} --station URL --ca-fingerprint sha256:… --token-file FILE'.");
        try
        {
            using X509Certificate2 authority = X509CertificateLoader.LoadCertificateFromFile(AuthorityFile);
            SocketsHttpHandler handler = ApiClient.Trusting(X509CertificateLoader.LoadCertificate(authority.RawData));
            handler.SslOptions.ClientCertificates = [X509Certificate2.CreateFromPemFile(CertificateFile, KeyFile)];
            return new ApiClient(membership.Station, handler, bearerToken: null, dryRun);
        }
        catch (CryptographicException damage)
        {
            throw new CommandFailure(ExitCode.Error, $"The key or a certificate in {path} is damaged: {damage.Message}", "Have the host's certificate revoked, and join anew in an empty directory.");
        }
    }

    // Written aside and renamed, readable by nobody else at any moment.
    private void Write(string file, string text)
    {
        Directory.CreateDirectory(path, Private | UnixFileMode.UserExecute);
        string aside = $"{file}.{Environment.ProcessId}";
        File.Delete(aside);
        using (StreamWriter writer = new(new FileStream(aside, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Private }))) writer.Write(text);
        File.Move(aside, file, overwrite: true);
    }
}

/// <summary>Which station a host has joined, as whom.</summary>
/// <param name="Station">The station's address.</param>
/// <param name="CaFingerprint">The only CA that is believed.</param>
/// <param name="MemberId">The member's identity; its certificate's subject.</param>
/// <param name="Name">The name that it asked with.</param>
/// <param name="InitiatorName">Its iSCSI name, or null.</param>
internal sealed record Membership(Uri Station, string CaFingerprint, Guid MemberId, string Name, string? InitiatorName);

/// <summary>JSON of the directory.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(Membership))]
internal sealed partial class MembershipJson : JsonSerializerContext;
