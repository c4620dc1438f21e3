using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using VSan.Contracts.Enrolment;
using VSan.Contracts.UnitLink;
using VSan.Tests.Harness;
using Xunit;

namespace VSan.Tests.ControlPlane.Contracts;

/// <summary>Holds docs/protocol.md against the records: its examples are read with the product's own JSON, its worked values are computed.</summary>
public sealed partial class ProtocolPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "protocol.md"));

    private static readonly JsonSerializerContext[] Contexts = [new EnrolmentJson(Strict(EnrolmentJson.Default.Options)), new UnitLinkJson(Strict(UnitLinkJson.Default.Options))];

    public static TheoryData<string, string> Examples
    {
        get
        {
            TheoryData<string, string> examples = [];
            foreach (Match fence in Fence().Matches(Page)) examples.Add(fence.Groups["type"].Value, fence.Groups["json"].Value);
            return examples;
        }
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Example_IsReadByTheProductWithoutAnUnknownMember(string type, string json) => Assert.NotNull(JsonSerializer.Deserialize(json, TypeOf(type)));

    /// <summary>Negative control: a member that no record has is found.</summary>
    [Fact]
    public void Example_WithAMemberThatIsNotOurs_IsRefused() =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize("""{ "generation": 7, "appliedGeneration": 7, "conditions": [], "mood": "good" }""", TypeOf("ConfigurationStatus")));

    [Fact]
    public void Page_HasAnExampleOfEveryMessage() => Assert.Superset(
        new HashSet<string>(["StartupPacket", "EnrolmentAnswer", "Problem", "CertificateIssue", "UnitInventory", "ConfigurationPush", "ConfigurationStatus", "UnitReport"]),
        Fence().Matches(Page).Select(fence => fence.Groups["type"].Value).ToHashSet());

    [Fact]
    public void WorkedValues_AreTheProducts()
    {
        StartupPacket packet = JsonSerializer.Deserialize(Fence().Matches(Page).First(fence => fence.Groups["type"].Value == "StartupPacket").Groups["json"].Value, EnrolmentJson.Default.StartupPacket)!;
        Assert.True(EnrolmentToken.TryParse(Token().Match(Page).Value, out EnrolmentToken? token));
        Assert.True(CaFingerprint.TryParse(Fingerprint().Match(Page).Value, out CaFingerprint? authority));
        byte[] key = CertificateRequest.LoadSigningRequest(Convert.FromBase64String(packet.CertificateRequest), HashAlgorithmName.SHA256).PublicKey.ExportSubjectPublicKeyInfo();

        Assert.Equal(Value("*K*"), Convert.ToHexStringLower(token.ProofKey()));
        Assert.Equal(Value("*T*"), Convert.ToHexStringLower(EnrolmentTranscript.Hash(packet, authority)));
        Assert.Equal(Value("`mac`"), EnrolmentTranscript.Mac(token.ProofKey(), packet, authority));
        Assert.Equal(packet.Proof!.Mac, Value("`mac`"));
        Assert.Equal(Value("short code"), ShortCode.Of(key, authority));
    }

    private static string Value(string name)
    {
        string row = Page.Split('\n').First(line => line.StartsWith(string.Create(CultureInfo.InvariantCulture, $"| {name} | `"), StringComparison.Ordinal));
        return row.Split('|')[2].Trim().Trim('`');
    }

    private static JsonTypeInfo TypeOf(string name) =>
        Contexts.SelectMany(context => new[] { typeof(StartupPacket).Assembly.GetTypes().First(type => type.Name == name && type.Namespace!.StartsWith("VSan.Contracts", StringComparison.Ordinal)) }.Select(context.GetTypeInfo))
            .OfType<JsonTypeInfo>().First();

    private static JsonSerializerOptions Strict(JsonSerializerOptions options) => new(options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    [GeneratedRegex("```json (?<type>[A-Za-z]+)\\n(?<json>.*?)\\n```", RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("vsan-[0-9a-f]{8}-[0-9a-f]{32}")]
    private static partial Regex Token();

    [GeneratedRegex("sha256:[0-9a-f]{64}")]
    private static partial Regex Fingerprint();
}
