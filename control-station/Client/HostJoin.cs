using System.CommandLine;
using System.Net.NetworkInformation;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VSan.Contracts.Enrolment;

namespace VSan.Client;

/// <summary>A host's joining from a command line: the options of <c>vsan host join</c> and <c>vsan-host join</c>, and what they do.</summary>
/// <param name="folder">The option or argument that names the directory of the membership.</param>
internal sealed class HostJoin(Option<string> folder)
{
    private const string InitiatorFile = "/etc/iscsi/initiatorname.iscsi";
    private const string InitiatorPrefix = "InitiatorName=";
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";

    private readonly Option<Uri?> _station = new("--station")
    {
        Description = "The station's address; not needed to renew.",
        HelpName = "https://ADDRESS:PORT",
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out Uri? address) && address.Scheme == Uri.UriSchemeHttps) return address;
            result.AddError($"'{result.Tokens[0].Value}' is no address of a station: give it as https://ADDRESS:PORT.");
            return null;
        },
    };

    private readonly Option<string?> _fingerprint = new("--ca-fingerprint") { Description = "The only CA that is believed, as 'vsan host enroll-token' prints it; not needed to renew.", HelpName = "sha256:…" };
    private readonly Option<string?> _tokenFile = new("--token-file") { Description = "File with the enrolment token; not needed to renew. Without it the token is asked for.", HelpName = "FILE" };
    private readonly Option<string?> _tokenText = new("--token") { Description = "The enrolment token itself; other users of this machine can see it in the list of processes.", HelpName = "TOKEN" };
    private readonly Option<string?> _name = new("--name") { Description = "The host's name. Default: this machine's.", HelpName = "NAME" };
    private readonly Option<string?> _initiator = new("--initiator") { Description = $"The host's iSCSI name. Default: what {InitiatorFile} says.", HelpName = "IQN" };

    /// <summary>All options, in the order of the help.</summary>
    public IReadOnlyList<Option> Options => [folder, _station, _fingerprint, _tokenFile, _tokenText, _name, _initiator];

    /// <summary>Joins, or gets the next certificate.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="ask">Asks a person for a secret.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The sentence that says so.</returns>
    /// <exception cref="CommandFailure">An option is missing or wrong, or the station refuses.</exception>
    public async Task<string> RunAsync(ParseResult arguments, Func<string, string> ask, CancellationToken cancellation)
    {
        string path = arguments.GetRequiredValue(folder);
        HostMembership directory = new(path);
        Membership? known = directory.Read();
        Uri station = arguments.GetValue(_station) ?? known?.Station ?? throw Missing("--station URL");
        string text = arguments.GetValue(_fingerprint) ?? known?.CaFingerprint ?? throw Missing("--ca-fingerprint sha256:…");
        if (!CaFingerprint.TryParse(text, out CaFingerprint? fingerprint)) throw new CommandFailure(ExitCode.Usage, "--ca-fingerprint is not sha256: and 64 hexadecimal digits.");
        bool proves = known is null || arguments.GetValue(_tokenFile) is not null || arguments.GetValue(_tokenText) is not null;
        EnrolmentToken? token = proves ? Token(arguments, ask) : null;
        Membership membership = new(station, fingerprint.Text, known?.MemberId ?? Guid.NewGuid(), arguments.GetValue(_name) ?? known?.Name ?? MachineName(), arguments.GetValue(_initiator) ?? known?.InitiatorName ?? InitiatorName());
        DateTime good = await SendAsync(directory, membership, token, fingerprint, cancellation).ConfigureAwait(false);
        return $"Joined. The certificate in {path} is good until {good:u}; the same command gets the next one.";
    }

    /// <summary>Gets the next certificate of a host that has joined.</summary>
    /// <returns>Until when it is good.</returns>
    /// <exception cref="CommandFailure">The host has not joined, or the station refuses.</exception>
    public static async Task<DateTime> RenewAsync(HostMembership directory, CancellationToken cancellation)
    {
        Membership membership = directory.Read() ?? throw Missing("The membership");
        if (!CaFingerprint.TryParse(membership.CaFingerprint, out CaFingerprint? fingerprint)) throw new CommandFailure(ExitCode.Error, "The membership's CA fingerprint is damaged.", "Join anew in an empty directory.");
        return await SendAsync(directory, membership, token: null, fingerprint, cancellation).ConfigureAwait(false);
    }

    private static async Task<DateTime> SendAsync(HostMembership directory, Membership membership, EnrolmentToken? token, CaFingerprint fingerprint, CancellationToken cancellation)
    {
        using ECDsa key = directory.Key();
        directory.Note(membership);
        using HostDoor door = new(membership.Station, fingerprint);
        EnrolmentAnswer answer = await door.SendAsync(Packet(membership, key, token, fingerprint), cancellation).ConfigureAwait(false);
        directory.Keep(answer.Certificate!, answer.CaCertificate!);
        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(answer.Certificate);
        return certificate.NotAfter.ToUniversalTime();
    }

    private static StartupPacket Packet(Membership membership, ECDsa key, EnrolmentToken? token, CaFingerprint authority)
    {
        CertificateRequest request = new($"CN={membership.MemberId:D}", key, HashAlgorithmName.SHA256);
        NetworkInterface[] cards = [.. NetworkInterface.GetAllNetworkInterfaces().Where(card => card.OperationalStatus == OperationalStatus.Up && card.NetworkInterfaceType != NetworkInterfaceType.Loopback)];
        StartupPacket packet = new(
            MemberKind.Host, membership.MemberId, membership.Name, SerialNumber: string.Empty, Guid.Parse(File.ReadAllText(BootIdFile)),
            typeof(HostJoin).Assembly.GetName().Version?.ToString(3) ?? string.Empty,
            [.. cards.SelectMany(card => card.GetIPProperties().UnicastAddresses).Select(unicast => unicast.Address.ToString())],
            [], Convert.ToBase64String(request.CreateSigningRequest()), Proof: null)
        {
            InitiatorName = membership.InitiatorName,
        };
        return token is null ? packet : packet with { Proof = new TokenProof(token.Id, EnrolmentTranscript.Mac(token.ProofKey(), packet, authority)) };
    }

    private EnrolmentToken Token(ParseResult arguments, Func<string, string> ask)
    {
        string text = arguments.GetValue(_tokenText) ?? (arguments.GetValue(_tokenFile) is { } file ? File.ReadAllText(file) : ask("Enrolment token: "));
        return EnrolmentToken.TryParse(text, out EnrolmentToken? token) ? token : throw new CommandFailure(ExitCode.Usage, "That is no enrolment token.", "Take what 'vsan host enroll-token' prints.");
    }

    private static string MachineName() =>
        new([.. Environment.MachineName.Split('.')[0].ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-')]);

    private static string? InitiatorName() => !File.Exists(InitiatorFile) ? null
        : File.ReadLines(InitiatorFile).FirstOrDefault(line => line.StartsWith(InitiatorPrefix, StringComparison.Ordinal))?[InitiatorPrefix.Length..].Trim();

    private static CommandFailure Missing(string option) => new(ExitCode.Usage, $"{option} is missing: this directory has not joined yet.", "Add it.");
}
