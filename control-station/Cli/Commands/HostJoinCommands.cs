using System.CommandLine;
using System.Net.NetworkInformation;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VSan.Contracts.Api;
using VSan.Contracts.Enrolment;
using Host = VSan.Contracts.Api.Host;

namespace VSan.Cli.Commands;

/// <summary><c>host enroll-token</c>, <c>host join</c> and <c>host revoke</c>.</summary>
internal static class HostJoinCommands
{
    private const string InitiatorFile = "/etc/iscsi/initiatorname.iscsi";
    private const string InitiatorPrefix = "InitiatorName=";
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";

    private static readonly Argument<string> Name = new("HOST") { Description = "Name or id of a host." };
    private static readonly Argument<string?> ForHost = new("HOST") { Description = "The host that is to join; without it each member that proves the token becomes a new host.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<int> Uses = new("--uses") { Description = "Without HOST: how many hosts it admits. Default 1.", HelpName = "N", DefaultValueFactory = _ => 1 };
    private static readonly Option<TimeSpan> Lifetime = GlobalOptions.OfDuration("--lifetime", "How long it admits hosts. Default 3h.", TimeSpan.FromHours(3));

    private static readonly Option<string> Folder = new("--dir") { Description = "Where key and certificate are kept, readable by nobody else.", HelpName = "DIR", Required = true };
    private static readonly Option<Uri?> Station = new("--station")
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
    private static readonly Option<string?> Fingerprint = new("--ca-fingerprint") { Description = "The only CA that is believed, as 'vsan host enroll-token' prints it; not needed to renew.", HelpName = "sha256:…" };
    private static readonly Option<string?> TokenFile = new("--token-file") { Description = "File with the enrolment token; not needed to renew. Without it the token is asked for.", HelpName = "FILE" };
    private static readonly Option<string?> TokenText = new("--token") { Description = "The enrolment token itself; other users of this machine can see it in the list of processes.", HelpName = "TOKEN" };
    private static readonly Option<string?> SystemName = new("--name") { Description = "The host's name. Default: this machine's.", HelpName = "NAME" };
    private static readonly Option<string?> Initiator = new("--initiator") { Description = $"The host's iSCSI name. Default: what {InitiatorFile} says.", HelpName = "IQN" };

    private static readonly Column<TokenCreated>[] TokenColumns =
    [
        new("TOKEN", t => t.Secret),
        new("CA FINGERPRINT", t => t.CaFingerprint),
        new("USES", t => $"{t.Token.UsesMax}"),
        new("EXPIRES", t => Text.Of(t.Token.ExpiresAt)),
    ];

    /// <summary><c>enroll-token</c>.</summary>
    public static Command EnrollToken(CommandRunner run) => run.Command("enroll-token", """
        Make a token by which a host joins and gets a certificate to ask for itself. Its secret is shown this once.

        Examples:
          vsan host enroll-token db1 -o name > token
          vsan host enroll-token --uses 20 --lifetime 7d
        """, EnrollTokenAsync, ForHost, Uses, Lifetime);

    /// <summary><c>join</c>.</summary>
    public static Command Join(CommandRunner run) => run.OwnMachineCommand("join", """
        Join the pool as a host, on the host itself: a key is made in --dir, and the station's certificate for it is put beside it. With
        'vsan --certificate DIR' the host then asks for itself. Run again on the same directory it gets the next certificate; each is good
        for 30 days.

        Examples:
          vsan host join --dir /etc/vsan/host --station https://station:8443 --ca-fingerprint sha256:… --token-file token
          vsan --certificate /etc/vsan/host volume create data --size 10GiB --wait
        """, JoinAsync, Folder, Station, Fingerprint, TokenFile, TokenText, SystemName, Initiator);

    /// <summary><c>revoke</c>.</summary>
    public static Command Revoke(CommandRunner run) => run.Command("revoke", "Take a host's certificate from it, at once. Its volumes and mappings stay.", RevokeAsync, Name);

    private static async Task EnrollTokenAsync(Invocation invocation)
    {
        Host? host = invocation.Get(ForHost) is { } name ? await invocation.FindAsync(HostCommands.Hosts, name).ConfigureAwait(false) : null;
        TokenCreate request = new(AutoApprove: true, invocation.Get(Uses), (long)invocation.Get(Lifetime).TotalSeconds) { Kind = MemberKind.Host, HostId = host?.Id };
        TokenCreated created = await invocation.Api.PostAsync<TokenCreate, TokenCreated>("tokens", request, TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteOne(TokenColumns, t => t.Secret, created);
    }

    private static async Task JoinAsync(Invocation invocation)
    {
        HostMembership directory = new(invocation.Get(Folder)!);
        Membership? known = directory.Read();
        Uri station = invocation.Get(Station) ?? known?.Station ?? throw Missing("--station URL");
        string text = invocation.Get(Fingerprint) ?? known?.CaFingerprint ?? throw Missing("--ca-fingerprint sha256:…");
        if (!CaFingerprint.TryParse(text, out CaFingerprint? fingerprint)) throw new CommandFailure(ExitCode.Usage, "--ca-fingerprint is not sha256: and 64 hexadecimal digits.");
        EnrolmentToken? token = known is null || invocation.Get(TokenFile) is not null || invocation.Get(TokenText) is not null ? Token(invocation) : null;
        Membership membership = new(station, fingerprint.Text, known?.MemberId ?? Guid.NewGuid(), invocation.Get(SystemName) ?? known?.Name ?? MachineName(), invocation.Get(Initiator) ?? known?.InitiatorName ?? InitiatorName());
        using ECDsa key = directory.Key();
        directory.Note(membership);
        using HostDoor door = new(station, fingerprint);
        EnrolmentAnswer answer = await door.SendAsync(Packet(membership, key, token, fingerprint), invocation.Cancellation).ConfigureAwait(false);
        directory.Keep(answer.Certificate!, answer.CaCertificate!);
        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(answer.Certificate);
        invocation.Output.WriteSentence($"Joined. The certificate in {invocation.Get(Folder)} is good until {certificate.NotAfter.ToUniversalTime():u}; the same command gets the next one.");
    }

    private static async Task RevokeAsync(Invocation invocation)
    {
        Host host = await invocation.FindAsync(HostCommands.Hosts, invocation.Get(Name)).ConfigureAwait(false);
        await invocation.Api.PostAsync<Host>($"hosts/{host.Id}:revoke-certificate", TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteSentence(host.EnrolledAt is null ? $"Host {host.Name} has no certificate." : $"The certificate of host {host.Name} opens nothing any more.");
    }

    private static StartupPacket Packet(Membership membership, ECDsa key, EnrolmentToken? token, CaFingerprint authority)
    {
        CertificateRequest request = new($"CN={membership.MemberId:D}", key, HashAlgorithmName.SHA256);
        NetworkInterface[] cards = [.. NetworkInterface.GetAllNetworkInterfaces().Where(card => card.OperationalStatus == OperationalStatus.Up && card.NetworkInterfaceType != NetworkInterfaceType.Loopback)];
        StartupPacket packet = new(
            MemberKind.Host, membership.MemberId, membership.Name, SerialNumber: string.Empty, Guid.Parse(File.ReadAllText(BootIdFile)),
            typeof(HostJoinCommands).Assembly.GetName().Version?.ToString(3) ?? string.Empty,
            [.. cards.SelectMany(card => card.GetIPProperties().UnicastAddresses).Select(unicast => unicast.Address.ToString())],
            [], Convert.ToBase64String(request.CreateSigningRequest()), Proof: null)
        {
            InitiatorName = membership.InitiatorName,
        };
        return token is null ? packet : packet with { Proof = new TokenProof(token.Id, EnrolmentTranscript.Mac(token.ProofKey(), packet, authority)) };
    }

    private static EnrolmentToken Token(Invocation invocation)
    {
        string text = invocation.Get(TokenText) ?? (invocation.Get(TokenFile) is { } file ? File.ReadAllText(file) : invocation.AskSecret("Enrolment token: "));
        return EnrolmentToken.TryParse(text, out EnrolmentToken? token) ? token : throw new CommandFailure(ExitCode.Usage, "That is no enrolment token.", "Take what 'vsan host enroll-token' prints.");
    }

    private static string MachineName() =>
        new([.. Environment.MachineName.Split('.')[0].ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-')]);

    private static string? InitiatorName() => !File.Exists(InitiatorFile) ? null
        : File.ReadLines(InitiatorFile).FirstOrDefault(line => line.StartsWith(InitiatorPrefix, StringComparison.Ordinal))?[InitiatorPrefix.Length..].Trim();

    private static CommandFailure Missing(string option) => new(ExitCode.Usage, $"{option} is missing: this directory has not joined yet.", "Add it.");
}
