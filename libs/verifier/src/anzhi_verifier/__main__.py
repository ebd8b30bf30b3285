from anzhi_verifier.cli import main

main()
