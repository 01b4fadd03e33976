namespace ActorTunnel.Ssh.Tests.Keys;

/// <summary>Key files made with the openssl command, for these tests only; the encrypted ones have <see cref="Passphrase"/>.</summary>
internal static class OpenSslKeys
{
    public const string Passphrase = "correct";

    public const string Ed25519Line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP8n8QiYdx+iBhXdqM0gUcjTTWPJP8GkflvRV7U7jnkl";

    public const string Ed25519 =
        """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VwBCIEIP0HSqHguSeLZAkdymwRpdQACSmPEzyUiEHHped0d3Yu
        -----END PRIVATE KEY-----
        """;

    public const string Ed25519EncryptedAes256Sha256 =
        """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAiKUpsMYMHMxAICCAAw
        DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEAWU5Hj57P58oYo4tDAwhHIEQAZZ
        Erzxc6nyCcoXVDRIHtQ7pJGU/41hJaFRTUNmPQBUYQjt9YcxRSF5zy1BsyZkywuI
        GiLHE0wRRg3kygPs5QY=
        -----END ENCRYPTED PRIVATE KEY-----
        """;

    public const string Ed25519EncryptedAes192Sha512 =
        """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgowaazZjN/tQICCAAw
        DAYIKoZIhvcNAgsFADAdBglghkgBZQMEARYEEFKEKl0n+xoNami3sfmXsjIEQN/5
        FtzYPZsSHGrLpTd0A6dDSZd9Nzj+6n+ILadP0LH6rn7hX2dz0jfC7FrcmEQedpaa
        uSkSGPXIsa1AUuWyMAg=
        -----END ENCRYPTED PRIVATE KEY-----
        """;

    public const string Ed25519EncryptedAes128Sha1 =
        """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIGNMEkGCSqGSIb3DQEFDTA8MBsGCSqGSIb3DQEFDDAOBAgFQFCjikfNxQICCAAw
        HQYJYIZIAWUDBAECBBB9sdAvUg9VA8gBxL5kSKkiBEAm+FDMCwoGlF15jgV6orJ3
        tjwfav8AhNnhmN6axj1bGVVcn3oV9bFYwpZ/Y7YXIpmFtRdUJsTYzsIqqu88bPfk
        -----END ENCRYPTED PRIVATE KEY-----
        """;

    public const string Ed25519EncryptedScrypt =
        """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIGTME8GCSqGSIb3DQEFDTBCMCEGCSsGAQQB2kcECzAUBAjBV6NxHrPstwICQAAC
        AQgCAQEwHQYJYIZIAWUDBAEqBBBnr1KCGqjIvUZ4JY1HIe4sBEDfzM1Bu05lM3HL
        lhaWrI4jjHYTl0vgb9gpmOhzAoYrc+A9kWrv/uhVfjRnNefnyfawR9tCUq/XFVY9
        On3PwAhp
        -----END ENCRYPTED PRIVATE KEY-----
        """;

    public const string EcdsaLine =
        "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBLYONLoklZfBDrf52D"
        + "QX0xBl1o6meEvjGz2Gjr2hEbXZjZy209mIsNWQojs9GwdO/z70Z97kEiVvSseVvT92ocQ=";

    public const string EcdsaWithParameters =
        """
        -----BEGIN EC PARAMETERS-----
        BggqhkjOPQMBBw==
        -----END EC PARAMETERS-----
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEIJRD+6ml8JjvoDd1kJcNWcIbU4SHfZFc9aeFuXG41gsdoAoGCCqGSM49
        AwEHoUQDQgAEtg40uiSVl8EOt/nYNBfTEGXWjqZ4S+MbPYaOvaERtdmNnLbT2Yiw
        1ZCiOz0bB07/PvRn3uQSJW9Kx5W9P3ahxA==
        -----END EC PRIVATE KEY-----
        """;

    public const string EcdsaEncryptedAes192 =
        """
        -----BEGIN EC PRIVATE KEY-----
        Proc-Type: 4,ENCRYPTED
        DEK-Info: AES-192-CBC,9D02B95429E75BD14CED8A2A6CCBB3F5

        Oo1yARyCYMhbv7SvCI8DJrF5objDJcZ/N1/Be/X9++TQk6UwqOq3q9poQ8TVER1K
        xP1EUA/DCULc/3zS+Zca4zZCauI3GyjfSg1XQltC0lOXkSAOra82OQIvN6cHDbU/
        dgqEQSyhoFan8LKSEE6Hg6eTvUJPJq70o7ATA1Tmrnk=
        -----END EC PRIVATE KEY-----
        """;

    public const string EcdsaEncryptedTripleDes =
        """
        -----BEGIN EC PRIVATE KEY-----
        Proc-Type: 4,ENCRYPTED
        DEK-Info: DES-EDE3-CBC,EEA2BA70DB658FD0

        yg7XizQOmsq0ErDz7AE311lv7dKaxXJ4gryEoTWjoUFsoJK2/YHdlwH15sLfQOyp
        Vl8dl+P/Fw1njzqkwbJBqHJcikby7oDSU0Or69qdS+phI45qB1IIx7Aw8RyODsWJ
        m12bVGnGn3IQw0BiGOrCNbevTcHO0aPCJNtrfp5GmIU=
        -----END EC PRIVATE KEY-----
        """;

    public const string RsaLine =
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC1Og4o+v++hMbcslOZAdpYK4od4sjq7mhKD4Ov97TaQWSVMfZSrwtXOsbc/Iog+uTUumiyMk"
        + "jMLD64E6wPrzjDTJS3z5SP7723zSVA8hU7bCElih54KKb4nxi4v4lHFNRuQNNe0KXtndslxxUSH8Y70gpXCWvZ/NS5oNIsOQ2HI6F5f2A+cd5D"
        + "OwGITZF408tOA4osVC4D//KB6dXXZ/w1joIIH8zgaNyZ/MdXkkNClcjMv8lNhSAhIu5xodIMeoiBi3f+4NkPd5TgSmAYXI6Tfzby1le0rVvA2K"
        + "4xAdYQaCdA8uChlw8kcIBmnfjwiuwo5tiXVcEeR/FpuSC9FFyF";

    public const string Rsa =
        """
        -----BEGIN RSA PRIVATE KEY-----
        MIIEogIBAAKCAQEAtToOKPr/voTG3LJTmQHaWCuKHeLI6u5oSg+Dr/e02kFklTH2
        Uq8LVzrG3PyKIPrk1LposjJIzCw+uBOsD684w0yUt8+Uj++9t80lQPIVO2whJYoe
        eCim+J8YuL+JRxTUbkDTXtCl7Z3bJccVEh/GO9IKVwlr2fzUuaDSLDkNhyOheX9g
        PnHeQzsBiE2ReNPLTgOKLFQuA//ygenV12f8NY6CCB/M4GjcmfzHV5JDQpXIzL/J
        TYUgISLucaHSDHqIgYt3/uDZD3eU4EpgGFyOk3828tZXtK1bwNiuMQHWEGgnQPLg
        oZcPJHCAZp348IrsKObYl1XBHkfxabkgvRRchQIDAQABAoIBAARseR2DePwt0gvf
        l35P5wRJdcridwyTCr0qEUkZlxLPz1R7/nsItlJoByQsTvPco/rUXQtiglfniZVl
        N4k/efd8dlHhUYtM6xjiO1NRRXbonguESledCGxft9MEq+VuCvxw/SfemHpLJOcQ
        a8GAQI7DwwhaXMVasFeipxa4ws2GZNdaF7F7SvkMrPLEMSjWCZrf2HVFZD9Tfu2X
        AUdSz0253GjczRENvySqbHCwtjysiCKt0cinlJUmUmjNjmMu2ySvFBu+B1J24Giy
        yspVtUp2Npq2qhXMBz06eg43R68GXt9wQFB0YJibocrnw2T37G/+ZwM7bQkpF+LK
        4r/dcKECgYEA5vr8XnnwShTmm5LKaVEU3QWxhFW2RGRRoGXoNQbJLMbr+TUgcLAQ
        AGxgCW+pWcajr5ZDFwC5KC0eY8ctHDNtS/glYYmXNPfEy5lOraS5nhNfMc+Gohsp
        Qorubk9/HYBc0jdTblr9vaKEo9nq6yRkuNs8cWpiJH2Z0NF4SiWyjqUCgYEAyNtq
        t0Obtc+7LLgpCN2pqCpnVTtqqWD+AzQPkke0bu5ttFrx7eo0vjAAgB42xp3ysGca
        FkeeH5pCTUa5z4iZpW09J5HKSnCPeyIQs8BooVdHLPSzeigUg+f9AczkytY04AKF
        mhbM/5O6RQo66DwJK8Fjq8PI9lkMX+ckYxfaEGECgYAMOtHN9srgQUcMibMp7F8c
        bMa/aQJjkKQ5x+uJkzhnpIiuA0Aad1gBjbtwBHeFB113WI9o0mL7W5g2VD9xNM/e
        q97e0TguV8gVt6JQ0134nrH1ozVPs/x1R4HkWVUzrK49eyxxtWOl/MrlGg60MJMc
        ro7+ulFD+VqBkfW6h1By+QKBgAcLw2uYYI75MYy5DR91fy0aB7PyuKQmdeKw4db0
        0vyNOqX4BsKc06rUTkAwTyWahtfvVffwHTjolWjWkVAZb6Jg+aM4twrzdeUQ5dsY
        ZdM7F5EZKG6hl06lRbfZczE2YHZ3QC6OnDRe/0rKuBRLftrdFt0Aqj0SFKAMoLcl
        MA4hAoGAE8u3tFYT/PcOE99IjxaqgcA9LYlLyit2yicr9p/BQRwcDMqxJdwxVb7o
        lNSf1rngyDnM6WgqfppsgAejIoE2hjoyq4L+bmYNpxUa/wdxLGHcUM6qCA8RW6vT
        iw3z4UG0xbmgf8QAjjn+RF+ozIZeositWGvyJ0rDwPHd+qFOr3I=
        -----END RSA PRIVATE KEY-----
        """;

    public const string RsaEncryptedAes256 =
        """
        -----BEGIN RSA PRIVATE KEY-----
        Proc-Type: 4,ENCRYPTED
        DEK-Info: AES-256-CBC,CAD10742D30DDE66293151E5DF6C0CF9

        JxFwTnZ94k3qRTRJ9g6k71PP14taeR465p0zI2Q/YCfKTS0PaigDtpFLvmK9RmsK
        6bacYmF4iAeJLbe1Hpz3+mR0enNUwcDREK/uCjhfTsM4OpLYs40Pu7uOF6DXsq2C
        Dzk9GwZZZpgbm5ZaG/WNLHYcqrFydoqYslh0CLAke5HOK7td01Qcya/rPe3IC55E
        xVdqY57t6N7LqbUwEREZ1PTdbcVbHjjiX/eIERFlvfTZFcaSACucYevPHk/cxPTT
        vGeRwaY1zs63QrwQ4cclbcmbPmfN5L3lQq/0Wx0jbUTs20PAYTCW15YuF53qyzZR
        wBQeyp6jo1g5vWYNICXiwVObQCGyrITMi301ypQKpevX6WWrwJOBW2kRvZ62dJjU
        unwrn7WgO/8jQCeTpc8IYyudcwfgckDoMiHodK3k5kzNKFjZcRsBQR8+eYApUXYj
        hDORoxbaOU/GUpqf0/5FzMsNyQ5EbUVpRhieQhJULSD7uo3ACemI/fZUJo6HCXn0
        sYkNPhJvJ6rcwPRgBMaV+0FwwcXgQcYcpI2N6Ccboj8EdTqiBwcPQbMe1K349F8L
        sCwiEAffhnkJcp1foMIgAQJwn29nZmga+vaqnPdgbuOpm7wP1vck8l/YPzss+rmq
        d3cjrMWFHytVZBPuxInXUvddoLiZhEoGGbtYUI6hsbIO/tWLgb53dbqjbYG34WwV
        2qi2dK7KBX9kO/e5qrm5Q/GXcvxVZBMl69WrYjj9oiEwiEHTvWh0z7xdhvBaZsAL
        uuKvv4K5HYODcNZjIMBHZKqS+RZ9ANz2qQSHNQfxEHA+AoEFxoVzltkhPbZFbyp9
        T6pO9o3EwYkuJV+xDLJPeHHDRkhF/oCJ1Io7UAwjlIXNrZK/lOKkVv5CI7q7g+w2
        I2HpVkoE92CXNkVfmtLnm1BCRFYUvffWQDJh2AqcJv6z4zjAvfx5ccOo2jvkbaNp
        xtOtNukjTNzgMcyPesFxuln9MNOHgrR1z85uwy6jlAtAWPpvW7UV76Oqxk7iYvf1
        NytPAqePl5nP/mI82Sbw7jVNqd0JYEnqUDVoE3iA7MzXMO6/AmzfBWx3qVywLN5l
        j1lDe9ZTS4T1n9geOss7vr2R4MIeamIwi+Asp35nW7JvUdxZe27R8B6Ugml2vCHj
        M/G2xsk7MpDQYbUG+6wE5RPhvmu2GCpa//AiU6SXSwN4MySHXqmXoBPDsypAGwK5
        nYO6WJZ04Mehq9KVjnNPFiK7Pe0VpZf4tux8mT/3OKK9Zmw++zZGfr/exeJosiGv
        Rz2TZtEISB1e5MRugmezb26Kl8MywYuKl/oNvYQEZojBJmJsE7k/T0M/wrNooKCH
        zyZLj+/a7D2t0UIUJgFjTUlZjdy+tkU5CHAKYz2jD7nM2U/TZvwl5g6x8LSXiglt
        2gt3k1OzW0cItQCMyRGwBQBL7EJe3aEQdsGHtpTqWNP0FrkhWKRTqXKLlJtmrMg/
        BszSoDm4HKfim5/y/WrZdejqLKhTKV5w3FLr5Sg5hV4tz9YYk1j/6kcIXxcwE+NZ
        4gF/hcRB0F6hhTcj4CAPYtIEGozG8kezgY1cGihYdHxpsJKyLm7/8O/VND/xEyAs
        -----END RSA PRIVATE KEY-----
        """;

    public const string RsaTooShort =
        """
        -----BEGIN PRIVATE KEY-----
        MIICdQIBADANBgkqhkiG9w0BAQEFAASCAl8wggJbAgEAAoGBAMz5nILFxq4jl7zt
        el7lDqzyTkV59/0YWavv7cUk7i0Hxe2y+V4wUEIz3MK7P2e90u6dcYfCeUVdrXLZ
        qkyyNmJpOD8k6movGaBkKTe8Xg0MuShLd5C54Me7j8dOQIuXF3JBC3acOQtZld56
        EuRcG2OYZjoLnVrpBnN5gT4UsuFdAgMBAAECgYBSpPHt6EBLRh6QFlAYotJf+PKG
        IL9UVNUS9hIwQsulbFTpmhfhWimCB9cizMyrz2WUv/ZefpLW3QZqIEkB03kJS5yI
        5cG2LPpjo3FKN4YFWucqCP7xNpk2sS4qN7QVJu1Mpvu2dXRu6eMx5n5W/L6Hre/n
        Hn9VeHVXBgOwmDJFIQJBAPZo9hlXQ2CLB1szUQ+45aXRaNJUBHbr7DmGHEkaXoo5
        BE0TEhxJao2vMY7TyqDY+qbBrNufNETElW8fgJGt7D8CQQDU89L7gYUQ5WXTM54y
        9aJ4sA0hx+pMnwIBQSEA+vVfT410x9JQPgVqJX7dSw+MZIwCsq+dhdMD8vjTK/cP
        gjtjAkBsn1RtU1R2SJNTlsmTHrTNZgTJQxQ8wD+AFCh/6UnnsL6+ozuGkK6SCrrT
        9XULdtr3i8UBg6rs7aPaOo7YqUzNAkBrVe6NOI5ios29M7JUizz2Sf6EfWiacDcp
        fLNu9A+Dl+x75VAbg/dktjuIvRG8ON3dakVcR5zBy9EhV3KzDXhzAkA+TTXXVj4s
        d75+AnzS3uOpZvEjqKQhBrRw7VEDI1BI5b4c26wQqZYzuyE+IvdvDlVqkQAoq1XB
        U7aLZ0fjPMio
        -----END PRIVATE KEY-----
        """;

    public const string CurveThatSshDoesNotHave =
        """
        -----BEGIN EC PRIVATE KEY-----
        MHQCAQEEIDYrjQ6HFchdFUJ1Q8jBS5ZeNlC7Rft3tuvWTY2i01DAoAcGBSuBBAAK
        oUQDQgAEELsq8lNbiCkST2T44pIQnzpDQJxKO/B1qmiqA0rrZLB/itGJsp9SxJE4
        JbycwIOxba/A6QkMrO5oPCxAbgADwg==
        -----END EC PRIVATE KEY-----
        """;

    public const string AlgorithmThatDoesNotSign =
        """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VuBCIEILCVObQOkiD1bbBNozvmbWKz1Tu/vrZWrGH8lndhobhP
        -----END PRIVATE KEY-----
        """;
}
