from penalties.app import main

main()
