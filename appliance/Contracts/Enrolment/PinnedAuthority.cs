using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace VSan.Contracts.Enrolment;

/// <summary>
/// Believes a server if, and only if, its certificate was issued by the CA with the pinned fingerprint and names the host that was dialled.
/// The system's own trusted authorities do not count.
/// </summary>
/// <remarks>
/// The CA certificate is either part of the server's TLS chain or offered separately (<see cref="TryAdopt"/>): many TLS servers leave the root
/// out of the handshake. Wherever it comes from, only its fingerprint makes it ours.
/// </remarks>
public sealed class PinnedAuthority(CaFingerprint fingerprint)
{
    // Servers that were met before the CA's certificate was.
    private readonly List<UnjudgedServer> _unjudged = [];
    private X509Certificate2? _certificate;

    /// <summary>The CA's certificate; null until a server has shown it.</summary>
    public X509Certificate2? Certificate => _certificate;

    /// <summary>Takes an offered certificate as the CA's if its fingerprint is the pinned one.</summary>
    public bool TryAdopt(X509Certificate2 offered)
    {
        ArgumentNullException.ThrowIfNull(offered);
        if (CaFingerprint.Of(offered) != fingerprint) return false;
        _certificate ??= X509CertificateLoader.LoadCertificate(offered.RawData);
        return true;
    }

    /// <summary>Judges a server during the TLS handshake.</summary>
    public ServerVerdict Judge(X509Certificate? server, X509Chain? handshake, SslPolicyErrors errors)
    {
        if (server is null || handshake is null) return ServerVerdict.NotOfAuthority;
        using X509Certificate2 leaf = X509CertificateLoader.LoadCertificate(server.GetRawCertData());
        foreach (X509Certificate2 sent in handshake.ChainPolicy.ExtraStore) _ = TryAdopt(sent);
        UnjudgedServer met = new(leaf.RawData, [.. handshake.ChainPolicy.ExtraStore.Select(sent => sent.RawData)], errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch));
        if (_certificate is { } authority) return met.Verdict(authority);
        _unjudged.Add(met);
        return ServerVerdict.AuthorityUnseen;
    }

    /// <summary>Judges those servers that were met before the CA's certificate was seen, so that their connections can be gone on with: the first that is not trusted decides, for good.</summary>
    public ServerVerdict JudgeMet()
    {
        if (_certificate is not { } authority) return ServerVerdict.AuthorityUnseen;
        ServerVerdict verdict = _unjudged.Select(met => met.Verdict(authority)).FirstOrDefault(one => one != ServerVerdict.Trusted, ServerVerdict.Trusted);
        if (verdict == ServerVerdict.Trusted) _unjudged.Clear();
        return verdict;
    }

    /// <summary>The chain rules by which exactly one authority is believed.</summary>
    public static X509ChainPolicy Policy(X509Certificate2 authority)
    {
        X509ChainPolicy policy = NoAuthority();
        _ = policy.CustomTrustStore.Add(authority);
        return policy;
    }

    /// <summary>
    /// The chain rules of a handshake that <see cref="Judge"/> judges alone: they believe nobody, and so never read the system's hundred and more
    /// authorities.
    /// </summary>
    public static X509ChainPolicy NoAuthority() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        // The station revokes by refusing; there is no list to download.
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };

    /// <summary>What a server showed in its handshake.</summary>
    /// <param name="Leaf">Its certificate, as DER.</param>
    /// <param name="Sent">The others that it sent.</param>
    /// <param name="IsOfOtherName">It does not name the host that was dialled.</param>
    private sealed record UnjudgedServer(byte[] Leaf, byte[][] Sent, bool IsOfOtherName)
    {
        public ServerVerdict Verdict(X509Certificate2 authority)
        {
            using X509Certificate2 leaf = X509CertificateLoader.LoadCertificate(Leaf);
            using X509Chain chain = new() { ChainPolicy = Policy(authority) };
            foreach (byte[] sent in Sent) chain.ChainPolicy.ExtraStore.Add(X509CertificateLoader.LoadCertificate(sent));
            if (!chain.Build(leaf)) return ServerVerdict.NotOfAuthority;
            return IsOfOtherName ? ServerVerdict.OtherName : ServerVerdict.Trusted;
        }
    }
}

/// <summary>What <see cref="PinnedAuthority"/> thinks of a server.</summary>
public enum ServerVerdict
{
    /// <summary>Issued by the pinned CA, for the dialled host.</summary>
    Trusted,

    /// <summary>The pinned CA's certificate has not been seen yet, so nothing can be said.</summary>
    AuthorityUnseen,

    /// <summary>Issued by another authority.</summary>
    NotOfAuthority,

    /// <summary>Issued by the pinned CA, for another host name or address.</summary>
    OtherName,
}
